import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { casesOn } from '../support/cases.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage, type Answer } from '../support/world.ts'

// Two people, two tabs, one moment: each pair is sent at once, again and again, so that either may come first.
const theatre = await stage()
const { as, idOf, world, mails, runJobs } = theatre
const { sql } = world.database
const { caseIn, stageOf, employerOf, anotherEmployer } = casesOn(theatre)
const { caseAt } = benchOn(theatre)
const { awaiting, decisionOn } = sealedFilesOn(theatre)
const rounds = Array.from({ length: 6 }, (_, round) => round)
const both = (one: () => Promise<Answer>, other: () => Promise<Answer>, round: number) => (round % 2 ? Promise.all([one(), other()]) : Promise.all([other(), one()]).then(([second, first]) => [first, second] as const))
const steps = async (id: string, operation: string) => (await sql`select count(*)::int as rows from journal where application_id = ${id} and operation = ${operation}`)[0]?.rows
const withdraw = async (id: string) => sql`update applications set stage = 'withdrawn' where id = ${id} and stage not in ('withdrawn', 'refused', 'certified', 'awaiting_decision')`

/** A draft that may be submitted: every answer is a no, which claims nothing that a document shows. */
async function readyDraft() {
  await sql`update applications set stage = 'withdrawn' where employer_id = ${await employerOf('yamada')} and stage not in ('withdrawn', 'refused', 'certified', 'declined')`
  const id = await caseIn('draft')
  await sql`update answers set answer = 'no' where application_id = ${id}`
  return id
}

describe('at the same moment', () => {
  it('two people submit: one does, one is told; one mail each, one row in the journal', async () => {
    for (const _ of rounds) {
      const id = await readyDraft(), submit = () => as('yamada').post(`/applications/${id}/steps`, { action: 'submit', version: 0, once: randomUUID() })
      const answers = await Promise.all([submit(), submit(), submit()])
      expect([answers.map(({ status }) => status).toSorted(), await stageOf(id), await steps(id, 'applications.submit')]).toEqual([[201, 409, 409], { stage: 'submitted', version: 1 }, 1])
    }
    mails.length = 0
    await runJobs()
    expect(mails.length).toBe(rounds.length)
  })

  it('an answer is saved and the application submitted: the answer counts or is refused, never half', async () => {
    for (const round of rounds) {
      const id = await readyDraft()
      const [answered, submitted] = await both(
        () => as('yamada').post(`/applications/${id}/answers/RE-01.1`, { answer: 'no', explanation: '書き直し', version: 1 }),
        () => as('yamada').post(`/applications/${id}/steps`, { action: 'submit', version: 0 }), round)
      const [row] = await sql`select explanation = '書き直し' as rewritten from answers where application_id = ${id} and criterion = 'RE-01.1'`
      expect([submitted.status, answered.status === 201, await steps(id, 'answers.save')]).toEqual([201, row?.rewritten, row?.rewritten ? 1 : 0])
      expect([201, 409]).toContain(answered.status)
    }
  })

  it('a file comes while the application is submitted: it is evidence, or nothing of it is left', async () => {
    for (const round of rounds) {
      const id = await readyDraft(), name = `議事録${round}.txt`
      const [sent, submitted] = await both(
        () => as('yamada').upload(`/applications/${id}/evidence/RE-01.1`, { name, type: 'text/plain', bytes: Buffer.from(`議事録 ${id}`) }),
        () => as('yamada').post(`/applications/${id}/steps`, { action: 'submit', version: 0 }), round)
      const [row] = await sql`select (select count(*)::int from documents where application_id = ${id}) as documents, (select count(*)::int from document_criteria where application_id = ${id}) as links`
      const kept = sent.status === 201 ? 1 : 0
      expect([submitted.status, row, [201, 409].includes(sent.status)]).toEqual([201, { documents: kept, links: kept }, true])
    }
    expect(await storedKeys()).toEqual((await sql`select key from documents order by key`).map(({ key }) => key))
  })

  it('a rating changes while the visit is closed: no adverse rating is left without its finding', async () => {
    for (const round of rounds) {
      const id = await caseAt('visit_planned')
      await as('sato').post(`/applications/${id}/visit/record`, { heldOn: '2026-11-24', openingMeeting: '社長', closingMeeting: '社長', workersInvited: 5, workersAgreed: 0, fees: 'no_fees', version: 1 })
      const version = (await stageOf(id))?.version
      const [rated, closed] = await both(
        () => as('sato').post(`/applications/${id}/assessment/RE-01.1`, { rating: 'major', note: '記録がない', version: 1 }), () => as('sato').post(`/applications/${id}/visit/closing`, { version }), round)
      const [row] = await sql`select rating from ratings where application_id = ${id} and criterion = 'RE-01.1'`
      expect([[rated.status, closed.status].toSorted(), row?.rating, (await stageOf(id))?.stage]).toEqual([[201, 409], rated.status === 201 ? 'major' : 'conforms', rated.status === 201 ? 'visit_planned' : 'correcting'])
    }
  })

  it('a finding is raised while the case is recommended: it is not certified over a finding that nobody saw', async () => {
    for (const round of rounds) {
      const id = await caseAt('correcting', { 'RE-08.2': 'major' }), version = (await stageOf(id))?.version
      const [raised, recommended] = await both(
        () => as('sato').post(`/applications/${id}/findings`, { criterion: 'RE-08.2', grade: 'major', statement: '扉が施錠されていた。' }),
        () => as('sato').post(`/applications/${id}/recommendation`, { outcome: 'certify', summary: '満たしている', version }), round)
      expect([[raised.status, recommended.status].toSorted(), await steps(id, 'findings.raise')]).toEqual([[201, 409], raised.status === 201 ? 1 : 0])
      if (recommended.status === 201) await as('kobayashi').post(`/applications/${id}/decision`, await decisionOn(id, 'refuse'))
      else await withdraw(id)
    }
  })

  it('the operator accepts what the employer withdraws: one of both', async () => {
    for (const round of rounds) {
      await readyDraft().then(withdraw)
      const id = await caseIn('submitted'), version = (await stageOf(id))?.version
      const [accepted, withdrawn] = await both(() => as('suzuki').post(`/applications/${id}/screening`, { outcome: 'accept', version }), () => as('yamada').post(`/applications/${id}/steps`, { action: 'withdraw', version }), round)
      const [row] = await sql`select count(*)::int as screenings from screenings where application_id = ${id}`
      expect([[accepted.status, withdrawn.status].toSorted(), row?.screenings, (await stageOf(id))?.stage]).toEqual([[201, 409], accepted.status === 201 ? 1 : 0, accepted.status === 201 ? 'accepted' : 'withdrawn'])
      await withdraw(id)
    }
  })

  it('a person joins the case while deciding it: never both', async () => {
    for (const round of rounds) {
      const id = await awaiting({ employerId: await anotherEmployer(`会社${round}`) }), decision = await decisionOn(id)
      const join = () => sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${id}, ${idOf('tanaka')}, 'interpreter', ${idOf('suzuki')})`.then(() => true, () => false)
      const [decided, joined] = await Promise.all([as('tanaka').post(`/applications/${id}/decision`, decision), join()])
      expect([decided.status === 201, joined].toSorted()).toEqual([false, true])
      expect([201, 403]).toContain(decided.status)
    }
  })
})

/** The keys of every object in the store. */
async function storedKeys(): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of world.documents.list()) keys.push(key)
  return keys.toSorted()
}
