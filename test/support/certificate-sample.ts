import type { PageOptions } from '../../server/certificates/pdf/prepare.ts'
import type { CertificateStatement } from '../../server/domain/statement.ts'

const sections: [ja: string, en: string][] = [
  ['公平な処遇と尊厳', 'Equal and respectful treatment'],
  ['方針・責任体制・人権デューディリジェンス', 'Policy, responsibility and due diligence'],
  ['手数料・保証金・キックバックの禁止', 'No recruitment fees, deposits or kickbacks'],
  ['母語による契約と情報提供', 'Contracts and information in the worker\'s language'],
  ['労働における基本的権利と労働時間', 'Fundamental rights at work and working time'],
  ['身分証明書と個人情報', 'Identity papers and personal data'],
  ['賃金と控除', 'Wages and deductions'],
  ['安全で健康な労働', 'Safe and healthy work'],
  ['住居・寄宿舎', 'Accommodation'],
  ['移動の自由と私生活', 'Freedom of movement and private life'],
  ['離職・転籍の自由と公正な雇用終了', 'Freedom to leave and fair ending of employment'],
  ['苦情処理・救済・労働者の声', 'Grievance, remedy and worker voice'],
  ['渡航・帰国費用と人材育成', 'Travel, return and development'],
  ['在留資格・制度上の義務・審査の誠実性', 'Legal status, programme duties and audit integrity'],
]

/** The press shop of the cast, with names that cheap fonts lose: 髙, ㈱, 葛 with its selector, Vietnamese letters. */
export const certificateSample = (change: Partial<CertificateStatement> = {}): CertificateStatement => ({
  number: 'RE-JP-2027-004821-3-2', edition: 1, verifyUrl: 'https://akashi.example.jp/c/RE-JP-2027-004821-3-2', sample: false,
  issuer: {
    nameJa: '一般社団法人 責任雇用認証機構', nameEn: 'Responsible Employment Certification Body', addressJa: '東京都千代田区麹町三丁目5番地',
    addressEn: '3-5 Kojimachi, Chiyoda-ku, Tokyo 102-0083, Japan', complaintUrl: 'https://akashi.example.jp/complaints',
  },
  holder: { nameJa: '髙橋プレス㈱', nameLatin: 'Takahashi Press Co., Ltd.', corporateNumber: '7010001234567', addressJa: '奈良県葛󠄀城市當麻 12-3' },
  sites: [{ kind: 'workplace', nameJa: '本社工場', addressJa: '奈良県葛󠄀城市當麻 12-3' }],
  scope: {
    industryJa: '金属プレス製品製造業', industryEn: 'Manufacture of metal press products', workersBand: '10–29', foreignWorkersBand: '1–9',
    programmesJa: ['技能実習', '特定技能1号'], programmesEn: ['Technical Intern Training', 'Specified Skilled Worker (i)'],
  },
  standard: { code: 'RE', version: '1.0.0', titleJa: '責任ある外国人労働者雇用主 認証基準', titleEn: 'Responsible employer of foreign workers: criteria' },
  tier: { code: 'T3', nameJa: '認証', nameEn: 'Certified' },
  scorecard: sections.map(([titleJa, titleEn], index) => ({
    section: `S${String(index + 1).padStart(2, '0')}`, titleJa, titleEn,
    result: index === 8 ? 'not_applicable' : index === 6 ? 'minor_open' : 'conforms',
  })),
  firstIssuedOn: '2027-03-01', issuedOn: '2027-03-02', decidedOn: '2027-02-26', expiresOn: '2030-02-28', lastDayOnSite: '2027-01-22',
  assessor: { nameJa: '株式会社さくら監査', nameEn: 'Sakura Audit Inc.' }, exclusions: [],
  ...change,
})

/** Twelve sites with names as long as they come, and everything else at its longest. */
export const crowdedSample = (): CertificateStatement => certificateSample({
  holder: {
    nameJa: '株式会社グローバル・マニュファクチャリング・ソリューションズ・ホールディングス関西第二製造事業部髙槻統括会社',
    nameLatin: 'Global Manufacturing Solutions Holdings Kansai Second Manufacturing Division Takatsuki Supervising Company, Limited '
      + '(Nguyễn Thị Ngọc Ánh)',
    corporateNumber: '1234567890123', addressJa: '大阪府大阪市北区梅田一丁目一番三号 大阪駅前第三ビル二十九階 二九〇一号室から二九一二号室まで',
  },
  sites: Array.from({ length: 12 }, (_, index) => ({
    kind: index % 3 === 2 ? 'housing' as const : 'workplace' as const, nameJa: `第${index + 1}精密部品製造センター（旧・東大阪鍛造工場）`,
    addressJa: `大阪府東大阪市高井田中${index + 1}丁目${index + 2}番${index + 3}号 高井田工業団地内`,
  })),
  scope: {
    industryJa: '輸送用機械器具製造業（自動車車体・附随車製造業を含む）',
    industryEn: 'Manufacture of transportation equipment (including motor vehicle bodies and trailers)',
    workersBand: '1,000–2,999', foreignWorkersBand: '300–499',
    programmesJa: ['技能実習', '育成就労', '特定技能1号', '特定技能2号', '技術・人文知識・国際業務'],
    programmesEn: [
      'Technical Intern Training', 'Employment for Skill Development', 'Specified Skilled Worker (i)', 'Specified Skilled Worker (ii)',
      'Engineer / Specialist in Humanities / International Services',
    ],
  },
  exclusions: [
    { ja: '構内で働く請負会社の労働者', en: 'Workers of contractors on the premises' },
    { ja: '2027年4月以降に開設する事業場', en: 'Sites opened after April 2027' },
  ],
})

export const checkpoint = `akashi.example.jp/log
4821
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— akashi.example.jp/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`

// As long as they come; no signature of anybody.
export const offlineCode = 'https://akashi.example.jp/o#Uzozn_VeiLwBq483G8Jrz-QhnY0LRfOmPx-2YqjFFSAXFArMCMOMfaFNH6dWbLaKAZmT1E7FUKBYMN7yrO8GhgJDL9JqYSlt-JItcaPZ8hINGFG95GlVfYRxghOAqwvxUBwFf5Kif5Phg44Xs'
  + 'XyU8lkvwMZIedmfMel2qg51DcOQczy1BlVsSoH9AvYVidp_2HuTfZtOEedoqMLARRLVxnsWAjQ2KzxbQutxyEZbIHaU1d33POvpMLgb7Or1_ql36E4eO5tzEm_xPJ1qZ9I2uUYoTrK1L3bu0p'

export const pageOptions: PageOptions = { at: new Date('2027-03-02T01:00:00Z'), checkpoint, offlineCode, seal: { name: 'Akashi Seal NOT TRUSTED', room: 12_000 } }
