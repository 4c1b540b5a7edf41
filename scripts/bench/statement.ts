import type { CertificateStatement } from '../../server/domain/statement.ts'

const sections = ['公平な処遇と尊厳', '方針と責任体制', '手数料の禁止', '母語による契約', '労働時間と基本的権利', '身分証明書', '賃金と控除', '安全と健康', '住居・寄宿舎', '移動の自由', '離職の自由', '苦情処理', '人材育成', '在留資格']

/** A certificate of ordinary length, as the cast's press shop would get one. */
export const benchStatement: CertificateStatement = {
  number: 'RE-JP-2026-000001-1-G', edition: 1, verifyUrl: 'https://akashi.example.jp/c/RE-JP-2026-000001-1-G', sample: true,
  issuer: { nameJa: 'アカシ認証事務局', nameEn: 'Akashi Certification Secretariat', addressJa: '東京都千代田区', addressEn: 'Chiyoda-ku, Tokyo', complaintUrl: 'https://akashi.example.jp/c#complaints' },
  holder: { nameJa: '髙橋プレス㈱', nameLatin: 'Takahashi Press Co., Ltd.', corporateNumber: '7010001234567', addressJa: '奈良県葛󠄀城市當麻 12-3' },
  sites: [{ kind: 'workplace', nameJa: '本社工場', addressJa: '奈良県葛󠄀城市當麻 12-3' }, { kind: 'housing', nameJa: '第一寮', addressJa: '奈良県葛󠄀城市當麻 14-1' }],
  scope: {
    industryJa: '金属製品製造業', industryEn: 'Manufacture of metal products', workersBand: '11–50', foreignWorkersBand: '1–10',
    programmesJa: ['技能実習', '特定技能1号'], programmesEn: ['Technical Intern Training', 'Specified Skilled Worker (i)'],
  },
  standard: { code: 'RE', version: '0.1.0', titleJa: '責任ある外国人雇用 認証基準', titleEn: 'Responsible employment of foreign workers' },
  tier: { code: 'T3', nameJa: '認証', nameEn: 'Certified' },
  scorecard: sections.map((titleJa, index) => ({ section: `S${String(index + 1).padStart(2, '0')}`, titleJa, titleEn: `Section ${index + 1}`, result: index === 6 ? 'minor_open' : 'conforms' })),
  firstIssuedOn: '2026-11-21', issuedOn: '2026-11-21', decidedOn: '2026-11-21', expiresOn: '2029-11-20', lastDayOnSite: '2026-11-10',
  assessor: { nameJa: '佐藤社会保険労務士事務所', nameEn: 'Sato Labour and Social Security Attorney' }, exclusions: [],
}
