import type { CertificateStatement, SectionResult } from '../../domain/statement.ts'

const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 .,-–():;/&'
const kana = 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン'
  + 'ガギグゲゴザジズゼゾダデドバビブベボパピプペポァィェォッャュョー・'
const results: SectionResult[] = ['conforms', 'minor_open', 'not_applicable']

/**
 * A certificate of nothing. Laid out once, it tells which letters of which face every certificate needs: the words of the page, Latin letters and
 * digits where names and numbers stand. They are embedded once; a certificate brings only its own letters along.
 */
export const specimen = (sample: boolean): CertificateStatement => ({
  number: '0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ-', edition: 1234567890, verifyUrl: signs, sample,
  issuer: { nameJa: '一般社団法人', nameEn: signs, addressJa: '東京都千代田区丁目番地号0123456789', addressEn: signs, complaintUrl: signs },
  holder: { nameJa: '株式会社有限', nameLatin: signs, corporateNumber: '0123456789', addressJa: '都道府県市区町村丁目番地号 0123456789-' },
  sites: (['housing', 'workplace', 'workplace', 'workplace'] as const).map(kind => (
    { kind, nameJa: `本社工場第事業所${kana}`, addressJa: '都道府県市区町村丁目番地号' })),
  scope: {
    industryJa: '製造業', industryEn: signs, workersBand: '0123456789–', foreignWorkersBand: '',
    programmesJa: ['技能実習', '育成就労', '特定技能号'], programmesEn: [signs],
  },
  standard: { code: 'RE', version: '0123456789.', titleJa: '責任ある外国人労働者雇用主 認証基準', titleEn: signs },
  tier: { code: 'T', nameJa: '認証', nameEn: 'Certified' },
  scorecard: results.map(result => ({ section: 'S0123456789', titleJa: '', titleEn: signs, result })),
  firstIssuedOn: '2027-01-23', issuedOn: '2045-06-07', decidedOn: '2089-10-31', expiresOn: '2027-01-01', lastDayOnSite: '2027-01-01',
  assessor: { nameJa: '株式会社', nameEn: signs }, exclusions: [],
})
