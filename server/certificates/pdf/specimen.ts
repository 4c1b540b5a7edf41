import type { CertificateStatement, SectionResult } from '../../domain/statement.ts'

const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 .,-–():;/&'
const kana = 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン'
  + 'ガギグゲゴザジズゼゾダデドバビブベボパピプペポァィェォッャュョー・'
const results: SectionResult[] = ['conforms', 'minor_open', 'not_applicable']

/** What the certificates of one issuer by one standard have in common. */
export type Common = Pick<CertificateStatement, 'sample' | 'issuer' | 'standard' | 'tier'> & { scorecard: Omit<CertificateStatement['scorecard'][number], 'result'>[] }

export const commonOf = ({ sample, issuer, standard, tier, scorecard }: CertificateStatement): Common =>
  ({ sample, issuer, standard, tier, scorecard: scorecard.map(({ section, titleJa, titleEn }) => ({ section, titleJa, titleEn })) })

/**
 * A certificate of nobody. Laid out once, it tells which letters of which face all these certificates need: the words of the page, Latin letters
 * and digits where names and numbers stand. They are embedded once; a certificate brings only its own letters along.
 */
export const specimen = ({ scorecard, ...common }: Common): CertificateStatement => ({
  ...common,
  number: '0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ-', edition: 1234567890, verifyUrl: signs,
  holder: { nameJa: '株式会社有限', nameLatin: signs, corporateNumber: '0123456789', addressJa: '都道府県市区町村丁目番地号 0123456789-' },
  sites: (['housing', 'workplace', 'workplace', 'workplace'] as const).map(kind => (
    { kind, nameJa: `本社工場第事業所${kana}`, addressJa: '都道府県市区町村丁目番地号' })),
  scope: {
    industryJa: '製造業', industryEn: signs, workersBand: '0123456789–', foreignWorkersBand: '',
    programmesJa: ['技能実習', '育成就労', '特定技能号'], programmesEn: [signs],
  },
  scorecard: results.map(result => ({ section: 'S0123456789', titleJa: scorecard.map(({ titleJa }) => titleJa).join(''), titleEn: signs, result })),
  firstIssuedOn: '2027-01-23', issuedOn: '2045-06-07', decidedOn: '2089-10-31', expiresOn: '2027-01-01', lastDayOnSite: '2027-01-01',
  assessor: { nameJa: '株式会社', nameEn: signs }, exclusions: [],
})
