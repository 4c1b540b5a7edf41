import { emergencyExit, hand } from './evidence.ts'
import { wanting } from './findings.ts'
import type { Person } from './person.ts'
import { expectSame, type Tell } from './telling.ts'

type Visit = {
  head: { version: number }; sites: { id: string; kind: string }[]
  bench: { draft: { calculation: { sample: { total: number }; effort: { onSiteDays: number } } }; record: { version: number } | null; missing: string[] }
}

export const today = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(new Date())

/** One day at the press shop: the plan, what was seen, who was heard, what was found. */
export async function auditOnSite(assessor: Person, applicationId: string, tell: Tell): Promise<void> {
  const at = `/applications/${applicationId}/visit`
  await plan(assessor, at, tell)
  await takeNotes(assessor, at, tell)
  await hear(assessor, `/applications/${applicationId}/interviews`, tell)
  await keepRecord(assessor, at, tell)
  await raiseFindings(assessor, applicationId, tell)
  const { head, bench } = await assessor.get<Visit>(at)
  expectSame('what the visit still lacks', bench.missing, [])
  expectSame('the stage after the visit', await assessor.post(`${at}/closing`, { version: head.version }), { stage: 'correcting' })
  tell('closes the visit')
}

async function plan(assessor: Person, at: string, tell: Tell) {
  const { head, sites, bench } = await assessor.get<Visit>(at)
  const { sample, effort } = bench.draft.calculation
  await assessor.post(at, { startsOn: today(), endsOn: today(), siteIds: sites.map(({ id }) => id), team: '佐藤 誠（主任）、通訳 1名', interpreterLanguages: 1, version: head.version })
  tell(`plans the on-site audit: ${sites.length} sites, ${sample.total} interviews, ${effort.onSiteDays} person-days`)
}

async function takeNotes(assessor: Person, at: string, tell: Tell) {
  await assessor.post(`${at}/notes`, { criterion: 'RE-08.3', note: 'プレス機の両手押しボタンと光線式安全装置が全機で働いていた。' })
  await hand(assessor, `${at}/notes/photos`, emergencyExit, { criterion: 'RE-09.2', note: '寮1階の非常口。表示は日本語とベトナム語。障害物はない。' })
  tell('notes what is seen, with a photo of the emergency exit')
}

async function hear(assessor: Person, at: string, tell: Tell) {
  const heard = { language: 'vi', minutes: 30, heldOn: today(), people: 1, notes: '' }
  expectSame('a name in an interview', await assessor.refused(at, { ...heard, code: 'A-01', kind: 'single', notes: 'NGUYEN VAN AN に聞いた。' }), 'invalid')
  for (const number of [1, 2, 3, 4, 5]) await assessor.post(at, { ...heard, code: `A-0${number}`, kind: 'single', notes: '手数料は支払っていない。給与の明細は母語で読める。' })
  await assessor.post(at, { ...heard, code: 'P-01', kind: 'peer', people: 2, language: 'ja', notes: '外国人の同僚と同じ手当を受けている。' })
  await assessor.post(at, { ...heard, code: 'R-01', kind: 'representative', language: 'ja', notes: '従業員代表の選出の手続を聞いた。' })
  tell('hears all five workers alone, two Japanese peers and the representative, by code and never by name')
}

async function keepRecord(assessor: Person, at: string, tell: Tell) {
  const { bench } = await assessor.get<Visit>(at)
  await assessor.post(`${at}/record`, {
    heldOn: today(), openingMeeting: '目的、進め方、個人情報の扱いを説明した。', closingMeeting: '指摘2件を説明し、会社は理解した。',
    workersInvited: 5, workersAgreed: 5, fees: 'no_fees', version: bench.record?.version ?? 0,
  })
  tell('puts the day on record: five invited, five agreed, no recruitment fees')
}

async function raiseFindings(assessor: Person, applicationId: string, tell: Tell) {
  for (const { criterion, grade, statement, evidenceReference } of wanting) await assessor.post(`/applications/${applicationId}/findings`, { criterion, grade, statement, evidenceReference })
  tell(`raises ${wanting.length} findings: ${wanting.map(({ criterion, grade }) => `${criterion} (${grade})`).join(', ')}`)
}
