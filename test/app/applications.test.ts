import { beforeAll, describe, expect, it } from 'vitest'
import { currentAgreement } from '../../server/agreements/texts.ts'
import { casesOn } from '../support/cases.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, clock, world, runJobs, mails } = theatre
const { sql } = world.database
const { caseIn, assigned } = casesOn(theatre)
const hub = async (id: string, who: 'yamada' | 'outsider' | 'suzuki' | 'sato' | 'tanaka' = 'yamada') => (await as(who).get(`/applications/${id}`)).body
const step = (id: string, body: object) => as('yamada').post(`/applications/${id}/steps`, body)
const groups = (lacks: { group: string; items: unknown[] }[]) => lacks.map(({ group, items }) => [group, items.length])
// Every case so far comes to an end, past the trigger that would not let some of them.
const clear = () => sql.begin(async tx => {
  await tx`alter table applications disable trigger stage_follows_lifecycle`
  await tx`update applications set stage = 'withdrawn'`
  await tx`alter table applications enable trigger stage_follows_lifecycle`
})

/** Answers all, one document for all, both agreements: through the doors that people use. */
async function prepare(id: string) {
  for (const kind of ['code_of_conduct', 'certification_agreement'] as const) {
    await as('yamada').post(`/agreements/${kind}`, { version: currentAgreement(kind).version, signerName: '山田 一郎', signerTitle: '代表取締役', agreed: 'on' })
  }
  const { sections } = (await as('yamada').get(`/applications/${id}/answers`)).body
  const criteria = sections.flatMap((section: { criteria: { id: string }[] }) => section.criteria.map(criterion => criterion.id)) as string[]
  const { body: { documentId } } = await as('yamada').upload(`/applications/${id}/evidence`, { name: '規程.txt', type: 'text/plain', bytes: Buffer.from('見本の規程\n') })
  for (const criterion of criteria) {
    await as('yamada').post(`/applications/${id}/answers/${criterion}`, { answer: 'yes', version: 0 })
    await as('yamada').post(`/applications/${id}/evidence/${criterion}/attachments`, { documentId })
  }
  return criteria
}

describe('starting', () => {
  it('leads a company that has none to its first application', async () => {
    const { body } = await as('yamada').get('/applications')
    expect(body).toEqual({ company: '山田プレス工業株式会社', missing: 0, unsigned: 2, mayOpen: true, standard: { code: 'RE', version: '0.1.0-draft' }, applications: [] })
  })

  it('makes one application at a time, however often one tries', async () => {
    const answers = await Promise.all([as('yamada').post('/applications'), as('yamada').post('/applications')])
    const third = await as('yamada').submit('/applications')
    expect([answers.map(({ status }) => status).sort(), third.status, third.text.includes('進行中の申請がすでにあります')]).toEqual([[201, 409], 409, true])
    expect((await as('yamada').get('/applications')).body.applications).toHaveLength(1)
  })

  it('sent twice with one token gives the same application', async () => {
    const once = '019a0000-0000-7000-8000-0000000000bb'
    const answers = [await as('outsider').post('/applications', { once }), await as('outsider').post('/applications', { once })]
    expect([answers.map(({ status }) => status), answers[0]?.body.id]).toEqual([[201, 201], answers[1]?.body.id])
  })

  it('is for companies: staff have lists of their own', async () => {
    const answers = [await as('suzuki').post('/applications'), await as('tanaka').get('/applications'), await anybody.get('/applications')]
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 401])
  })
})

describe('submitting', () => {
  let id = ''
  beforeAll(async () => { id = (await as('yamada').get('/applications')).body.applications[0].id })

  it('tells what is missing, each with the way there', async () => {
    const { lacks, maySubmit, todo, next } = await hub(id)
    expect([groups(lacks), maySubmit, todo, next]).toEqual([[['agreements', 2], ['answers', 60]], false, { label: '行動規範', href: '/agreements/code_of_conduct' }, { mover: 'applicant', mine: true, until: null, overdue: false, provisional: false }])
  })

  it('is refused while anything is missing, and leaves the draft as it was', async () => {
    const { status, body } = await step(id, { action: 'submit', version: 0 })
    const [row] = await sql`select stage, scope, submitted_at, version from applications where id = ${id}`
    expect([status, body.code, body.missing, row]).toEqual([409, 'needs', ['agreements_signed', 'answers_complete'], { stage: 'draft', scope: null, submitted_at: null, version: 0 }])
  })

  it('names the criteria that only lack a document', async () => {
    await as('yamada').post(`/applications/${id}/answers/RE-01.1`, { answer: 'yes', version: 0 })
    const { lacks } = await hub(id)
    expect(lacks.find(({ group }: { group: string }) => group === 'evidence')).toEqual({ group: 'evidence', items: [{ label: 'RE-01.1 同等の賃金・労働条件', href: `/applications/${id}/answers/RE-01.1` }] })
    await as('yamada').post(`/applications/${id}/answers/RE-01.1`, { answer: null, version: 1 })
  })

  it('asks for a tick in the page before it happens', async () => {
    await sql`delete from answers where application_id = ${id}`
    await prepare(id)
    const { status, text } = await as('yamada').submit(`/applications/${id}/steps`, { action: 'submit', version: '0', form: 'submit' })
    expect([status, text.includes('href="#field-submit-confirmed"'), (await hub(id)).head.stage]).toEqual([422, true, 'draft'])
  })

  it('copies the company as it is now, sets the deadline, and mails every member', async () => {
    mails.length = 0
    const { status, location } = await as('yamada').submit(`/applications/${id}/steps`, { action: 'submit', version: '0', form: 'submit', confirmed: 'yes' })
    await runJobs()
    const [row] = await sql`select stage, scope, submitted_at, due_at from applications where id = ${id}`
    expect([status, location, row?.stage, row?.scope.nameJa, row?.scope.foreignWorkers, row?.scope.sites.length, row?.submitted_at, row?.due_at, mails.map(({ to }) => to)])
      .toEqual([303, `/applications/${id}`, 'submitted', '山田プレス工業株式会社', 5, 2, '2026-11-24 01:00:00+00', '2026-12-08 14:59:59.999+00', ['yamada@yamada-press.example']])
  })

  it('holds the scope still while the company goes on', async () => {
    await as('yamada').post('/employer/sites', { kind: 'workplace', nameJa: '新工場', addressJa: '神奈川', people: 3 })
    const [row] = await sql`select scope from applications where id = ${id}`
    expect(row?.scope.sites.map(({ nameJa }: { nameJa: string }) => nameJa)).toEqual(['本社工場', '第一寮'])
  })

  it('happens once: a second one from a stale page is refused', async () => {
    const { status, body } = await step(id, { action: 'submit', version: 0 })
    expect([status, body.code]).toEqual([409, 'stale'])
  })

  it('is the operator\'s move afterwards, until a day that is told', async () => {
    const { next, history, steps } = await hub(id)
    expect([next.mover, next.mine, next.until, history.map(({ action }: { action: string }) => action), steps.map(({ state }: { state: string }) => state)])
      .toEqual(['operator', false, expect.any(String), ['submit', 'open'], ['done', 'current', 'next', 'next', 'next', 'next', 'next']])
  })

  it('may happen again after a return, whose reasons are told', async () => {
    await as('suzuki').post(`/applications/${id}/screening`, { outcome: 'return', reasons: '寮の住所を\n確かめてください', version: 1 })
    const returned = await hub(id)
    const again = await step(id, { action: 'submit', version: 2 })
    expect([returned.returnedBecause, returned.maySubmit, returned.history[0].note, again.body.stage, (await hub(id)).returnedBecause])
      .toEqual(['寮の住所を\n確かめてください', true, '寮の住所を\n確かめてください', 'submitted', null])
    const [row] = await sql`select scope from applications where id = ${id}`
    expect(row?.scope.sites).toHaveLength(3)
  })
})

describe('withdrawing', () => {
  it('asks for a tick, keeps the reasons and ends the application', async () => {
    await clear()
    const id = await caseIn('submitted')
    const { head: { version } } = await hub(id)
    const unticked = await as('yamada').submit(`/applications/${id}/steps`, { action: 'withdraw', version, form: 'withdraw', reasons: '受注が減ったため' })
    const ticked = await as('yamada').submit(`/applications/${id}/steps`, { action: 'withdraw', version, form: 'withdraw', reasons: '受注が減ったため', confirmed: 'yes' })
    const { ended, history, mayWithdraw, steps, next } = await hub(id)
    expect([unticked.status, unticked.text.includes('受注が減ったため'), ticked.status, ended, history[0].note, mayWithdraw, steps[1].state, next]).toEqual([422, true, 303, 'withdrawn', '受注が減ったため', false, 'current', null])
  })

  it('is not possible once it waits for the decision', async () => {
    await clear()
    const id = await caseIn('awaiting_decision')
    const { head: { version }, mayWithdraw } = await hub(id)
    const { status, body } = await step(id, { action: 'withdraw', version })
    expect([mayWithdraw, status, body.code]).toEqual([false, 409, 'no_such_step'])
  })

  it.each([[{ action: 'certify', version: 0 }, 422], [{ action: 'withdraw' }, 422], [{ action: 'withdraw', version: 0, reasons: 'nul\0' }, 422], [{ action: 'withdraw', version: 99 }, 409]])('%j is refused', async (body, status) => {
    await clear()
    const id = await caseIn('submitted')
    expect((await step(id, body)).status).toBe(status)
  })

  it('of another company\'s application is "not found", as is a made-up one', async () => {
    await clear()
    const id = await caseIn('submitted'), body = { action: 'withdraw', version: 1 }
    const answers = [await as('outsider').post(`/applications/${id}/steps`, body), await as('outsider').post('/applications/019a0000-0000-7000-8000-000000000000/steps', body), await as('outsider').get(`/applications/${id}`), await as('outsider').post('/applications/x/steps', body)]
    expect([answers.map(({ status }) => status), (await hub(id)).head.stage]).toEqual([[404, 404, 404, 404], 'submitted'])
  })
})

describe('the hub', () => {
  it.each([['draft', 'yamada', ['answers', 'evidence', 'export']], ['submitted', 'suzuki', ['screening', 'answers', 'evidence', 'export', 'journal']], ['clarifying', 'yamada', ['clarifications', 'answers', 'evidence', 'dates', 'objection', 'export']],
    ['correcting', 'yamada', ['findings', 'answers', 'evidence', 'clarifications', 'visit', 'objection', 'export']], ['awaiting_decision', 'tanaka', ['decision', 'answers', 'evidence', 'visit', 'findings', 'export']]] as const)('in %s leads %s to the pages of the moment', async (at, who, doors) => {
    await clear()
    const id = await caseIn(at)
    const open = (await hub(id, who)).doors as { key: string; href: string }[]
    const answers = await Promise.all(open.map(({ href }) => as(who).get(href)))
    expect([open.map(({ key }) => key), answers.map(({ status }) => status)]).toEqual([doors, doors.map(() => 200)])
  })

  it('shows an assessor nothing before interests are declared, and leads there', async () => {
    await clear()
    const id = await caseIn('accepted')
    await assigned(id, 'sato', { declared: false })
    const page = await as('sato').page(`/applications/${id}`), data = await as('sato').get(`/applications/${id}`)
    expect([page.status, page.location, data.status, data.body.code]).toEqual([303, `/applications/${id}/interests`, 403, 'interests_not_declared'])
  })

  it('leads a declared assessor to the bench', async () => {
    await clear()
    const id = await caseIn('desk_review')
    await assigned(id, 'sato')
    const { doors, todo, lacks, maySubmit } = await hub(id, 'sato')
    expect([doors.map(({ key }: { key: string }) => key), todo.href, lacks, maySubmit]).toEqual([['assessment', 'answers', 'evidence', 'interests', 'clarifications', 'visit', 'dates', 'export'], `/applications/${id}/assessment`, [], false])
  })

  it('tells the operator to find an assessor for what was accepted, and nothing to do while the employer answers', async () => {
    await clear()
    const accepted = await hub(await caseIn('accepted'), 'suzuki')
    await clear()
    const clarifying = await hub(await caseIn('clarifying'), 'suzuki')
    expect([accepted.todo.href.endsWith('/assignments'), clarifying.todo]).toEqual([true, null])
  })

  it('says that a deadline has passed', async () => {
    await clear()
    const id = await caseIn('clarifying')
    await sql`update applications set due_at = '2026-11-20T14:59:59Z' where id = ${id}`
    const { text } = await as('yamada').page(`/applications/${id}`)
    expect([(await hub(id)).next.overdue, text.includes('期限（2026年11月20日）を過ぎています')]).toEqual([true, true])
  })

  it('hides a draft from staff', async () => {
    await clear()
    const id = await caseIn('draft')
    expect([(await as('suzuki').get(`/applications/${id}`)).status, (await as('sato').get(`/applications/${id}`)).status]).toEqual([404, 404])
  })

  it.each([['draft', 'ja'], ['draft', 'en'], ['clarifying', 'ja'], ['withdrawn', 'en'], ['correcting', 'ja'], ['declined', 'ja']] as const)('is drawn in %s, %s', async (at, lang) => {
    await clear()
    const id = await caseIn(at)
    const pages = [await as('yamada').page(`/applications/${id}`, lang), await as('yamada').page('/applications', lang)]
    expect([pages.map(({ status }) => status), pages[0]?.text.includes('class="steps"')]).toEqual([[200, 200], true])
  })
})

describe('where the holidays that the government has published end', () => {
  it.each([['2027-12-01T01:00:00Z', false], ['2027-12-20T01:00:00Z', true]])('a case that came in at %s says that its date may move: %s', async (at, says) => {
    const today = clock.now
    clock.now = new Date(at)
    const id = await caseIn('submitted')
    expect([(await hub(id)).next.provisional, (await as('yamada').page(`/applications/${id}`)).text.includes('公表前の祝日'), (await as('suzuki').page(`/applications/${id}/screening`)).text.includes('公表前の祝日')]).toEqual([says, says, says])
    await clear()
    clock.now = today
  })
})
