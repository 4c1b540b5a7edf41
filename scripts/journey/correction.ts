import { hand, wageLedger } from './evidence.ts'
import { wanting, type Wanting } from './findings.ts'
import type { Person } from './person.ts'
import { expectSame, expectThat, type Tell } from './telling.ts'

type Findings = { head: { version: number }; findings: { id: string; criterion: string; state: string; due: string | null; move: string | null }[] }
type Finding = { latest: { id: string } | null; documents: { id: string }[]; outcomes: string[] }
type Recommendation = { head: { version: number }; blocks: { block: string }[]; voice: { gate: boolean }; fees: { passed: boolean } }
type Around = { assessor: Person; employer: Person; applicationId: string }

/** The employer puts right what was found, the assessor verifies it and recommends. */
export async function correctFindings({ assessor, employer, applicationId }: Around, tell: Tell): Promise<void> {
  const { findings } = await employer.get<Findings>(`/applications/${applicationId}/findings`)
  expectThat('every finding is the employer’s move, with a date', findings.length === wanting.length && findings.every(({ move, due }) => move === 'applicant' && due))
  expectSame('what stands in the way', await blocksOf(assessor, applicationId), ['minor_without_accepted_plan', 'open_major'])
  for (const { id, criterion } of findings) await putRight({ employer, assessor }, id, criterion)
  const after = await assessor.get<Findings>(`/applications/${applicationId}/findings`)
  expectSame('where the findings stand', after.findings.map(({ state }) => state).toSorted(), ['plan_accepted', 'verified'])
  expectSame('what stands in the way', await blocksOf(assessor, applicationId), [])
  tell('the employer answers with cause, correction, corrective action and evidence; the assessor accepts the plan and verifies the major')
  await recommend(assessor, applicationId, tell)
}

const blocksOf = async (assessor: Person, applicationId: string) =>
  (await assessor.get<Recommendation>(`/applications/${applicationId}/recommendation`)).blocks.map(({ block }) => block).toSorted()

// First a plan; where the finding must be closed before issue, then the deed with its evidence.
async function putRight({ employer, assessor }: { employer: Person; assessor: Person }, id: string, criterion: string) {
  const found = wanting.find(each => each.criterion === criterion)
  expectThat(`${criterion} was found wanting`, found)
  await respond(employer, id, found, 'planned')
  await review(assessor, id, { outcome: 'plan_accepted', note: '' })
  if (found.done !== 'done') return
  await hand(employer, `/findings/${id}/documents`, wageLedger)
  await respond(employer, id, found, 'done')
  await review(assessor, id, { outcome: 'verified', note: '支払いの記録と直した設定を確認した。' })
}

async function respond(employer: Person, id: string, { cause, correction, correctiveAction }: Wanting, done: 'planned' | 'done') {
  const { latest } = await employer.get<Finding>(`/findings/${id}`)
  await employer.post(`/findings/${id}/responses`, { cause, correction, correctiveAction, done, after: latest?.id ?? '' })
}

export async function review(assessor: Person, id: string, { outcome, note }: { outcome: string; note: string }) {
  const { latest, outcomes } = await assessor.get<Finding>(`/findings/${id}`)
  expectThat(`the assessor may say ${outcome}`, latest && outcomes.includes(outcome))
  await assessor.post(`/findings/${id}/reviews`, { outcome, note, responseId: latest.id })
}

export async function recommend(assessor: Person, applicationId: string, tell: Tell) {
  const path = `/applications/${applicationId}/recommendation`
  const { head, voice, fees } = await assessor.get<Recommendation>(path)
  expectSame('the voice gate and the fee gate', [voice.gate, fees.passed], [true, true])
  const { stage } = await assessor.post<{ stage: string }>(path, {
    outcome: 'certify', summary: '重大な指摘は是正され、検証した。軽微な指摘1件は計画を承認し、次の維持審査で確認する。',
    strengths: '全員が母語の給与明細を受け取っている。', exclusions: '22時以降の夜間作業は現地審査の対象としていません。', version: head.version,
  })
  expectSame('the stage after the recommendation', stage, 'awaiting_decision')
  tell(`${assessor.name} recommends to certify`)
}
