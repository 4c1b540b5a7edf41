import { sha256Of } from './evidence.ts'
import { askedBack, wanting } from './findings.ts'
import { signInAs, until, type Person } from './person.ts'
import { expectSame, expectThat, type Tell } from './telling.ts'

type Row = { criterion: string; answer: string | null; documents: number; rating: string | null }
type Bench = { application: { version: number; stage: string }; rated: number; all: number; sections: { rows: Row[] }[]; drafted: number }
type BenchCriterion = { version: number; documents: { id: string; scan: string }[]; thread: { reply: string; closedAt: string | null }[] }
type Clarifications = { application: { version: number }; open: { id: string; criterion: { id: string }; version: number }[] }
type Around = { applicationId: string; employer: Person }

const rowsOf = ({ sections }: Bench) => sections.flatMap(({ rows }) => rows)

/** The assessor declares interests, reads, asks one thing back, and rates every criterion. */
export async function reviewAtTheDesk(url: string, { applicationId, employer }: Around, tell: Tell): Promise<Person> {
  const assessor = await beginReview(url, applicationId, tell)
  await askBack(assessor, applicationId, tell)
  await replyAndReturn(employer, applicationId, tell)
  await readReply(assessor, applicationId)
  await rateEverything(assessor, applicationId, tell)
  return assessor
}

/** Declares, then reads. */
export async function beginReview(url: string, applicationId: string, tell: Tell): Promise<Person> {
  const assessor = await signInAs(url, 'sato@sato-sr.example')
  expectSame('what an assessor sees before declaring', await assessor.refused(`/applications/${applicationId}/assessment`), 'interests_not_declared')
  const none = { employed: 'no', paid: 'no', advised: 'no', trained: 'no', family_tie: 'no', financial_tie: 'no' }
  expectSame('the declaration', await assessor.post(`/applications/${applicationId}/interests`, none), { free: true, stage: 'desk_review' })
  tell(`${assessor.name} declares no interest in this client before seeing anything, and begins`)
  await readEvidence(assessor, applicationId, tell)
  return assessor
}

async function readEvidence(assessor: Person, applicationId: string, tell: Tell) {
  const shown = rowsOf(await assessor.get<Bench>(`/applications/${applicationId}/assessment`)).find(({ documents }) => documents > 0)
  expectThat('there is evidence on the bench', shown)
  const path = `/applications/${applicationId}/assessment/${shown.criterion}`
  const document = await until('the scanner to pass the evidence', async () => (await assessor.get<BenchCriterion>(path)).documents.find(({ scan }) => scan === 'clean'))
  expectThat('the document opens', await sha256Of(assessor, document.id))
  tell(`reads the evidence beside ${shown.criterion}`)
}

export async function askBack(assessor: Person, applicationId: string, tell: Tell) {
  const path = `/applications/${applicationId}/clarifications`
  const { criterion, question } = askedBack
  await assessor.post(path, { criterion, question })
  await assessor.post(`${path}/sending`, { version: (await assessor.get<Clarifications>(path)).application.version })
  tell(`asks the employer one thing back, about ${criterion}`)
}

async function replyAndReturn(employer: Person, applicationId: string, tell: Tell) {
  const path = `/applications/${applicationId}/clarifications`
  const { application, open } = await employer.get<Clarifications>(path)
  expectSame('what the employer is asked', open.map(({ criterion }) => criterion.id), [askedBack.criterion])
  const changed = { answer: 'yes', explanation: '書き換え', reason: '', version: 1 }
  expectSame('changing what was not asked', await employer.refused(`/applications/${applicationId}/answers/${wanting[0].criterion}`, changed), 'closed_for_changes')
  for (const { id, version } of open) await employer.post(`${path}/${id}/reply`, { reply: askedBack.reply, version })
  await employer.post(`${path}/return`, { version: application.version })
  tell('the employer answers that, and can change nothing else')
}

export async function readReply(assessor: Person, applicationId: string) {
  const { thread } = await assessor.get<BenchCriterion>(`/applications/${applicationId}/assessment/${askedBack.criterion}`)
  expectSame('the replies that the assessor reads beside the criterion', thread.map(({ reply }) => reply), [askedBack.reply])
}

export async function rateEverything(assessor: Person, applicationId: string, tell: Tell) {
  for (const { criterion, answer } of rowsOf(await assessor.get<Bench>(`/applications/${applicationId}/assessment`))) {
    const path = `/applications/${applicationId}/assessment/${criterion}`
    const { version } = await assessor.get<BenchCriterion>(path)
    await assessor.post(path, { ...ratingFor(criterion, answer), version })
  }
  const { rated, all } = await assessor.get<Bench>(`/applications/${applicationId}/assessment`)
  expectSame('how many criteria are rated', rated, all)
  tell(`rates ${all} criteria: ${wanting.map(({ criterion, grade }) => `${criterion} ${grade}`).join(', ')}, the others conform`)
}

function ratingFor(criterion: string, answer: string | null) {
  const found = wanting.find(each => each.criterion === criterion)
  if (found) return { rating: found.grade, note: found.statement }
  return answer === 'not_applicable' ? { rating: 'not_applicable', note: '該当する事実がないことを記録で確認した。' } : { rating: 'conforms', note: '' }
}
