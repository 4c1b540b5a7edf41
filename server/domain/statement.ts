/** What one certificate says, and nothing else: made from the decision record and the register, drawn word for word. Dates are YYYY-MM-DD. */
export type CertificateStatement = {
  number: string
  edition: number
  verifyUrl: string
  sample: boolean // 見本 / SAMPLE is printed across: sealed with a key that nobody should trust
  issuer: { nameJa: string; nameEn: string; addressJa: string; addressEn: string; complaintUrl: string }
  holder: { nameJa: string; nameLatin: string; corporateNumber: string; addressJa: string }
  sites: { kind: SiteKind; nameJa: string; addressJa: string }[]
  scope: {
    industryJa: string; industryEn: string; workersBand: string; foreignWorkersBand: string
    programmesJa: string[]; programmesEn: string[]
  }
  standard: { code: string; version: string; titleJa: string; titleEn: string }
  tier: { code: string; nameJa: string; nameEn: string }
  scorecard: { section: string; titleJa: string; titleEn: string; result: SectionResult }[]
  firstIssuedOn: string
  issuedOn: string
  decidedOn: string
  expiresOn: string
  lastDayOnSite: string
  assessor: { nameJa: string; nameEn: string } // the organisation that really audited
  exclusions: { ja: string; en: string }[] // none: the page says so
}

export type SiteKind = 'workplace' | 'housing'
export type SectionResult = 'conforms' | 'minor_open' | 'not_applicable'
