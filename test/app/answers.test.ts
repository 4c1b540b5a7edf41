import { describe, expect, it } from 'vitest'
import { stage } from '../support/world.ts'

const { as, anybody, world, idOf } = await stage()
const { sql } = world.database
const id = (await as('yamada').post('/applications')).body.id as string
const at = (criterion = 'RE-01.1') => `/applications/${id}/answers/${criterion}`
const given = async (criterion?: string) => (await as('yamada').get(at(criterion))).body
const versionOf = async (criterion?: string) => (await given(criterion)).answer.version as number

describe('an answer', () => {
  it('is saved on its own and counted', async () => {
    const before = (await as('yamada').get(`/applications/${id}/answers`)).body
    const saved = await as('yamada').post(at('RE-04.3'), { answer: 'no', explanation: 'これから作ります。', version: 0 })
    const after = (await as('yamada').get(`/applications/${id}/answers`)).body
    expect([saved.status, saved.body, after.complete - before.complete]).toEqual([201, { criterion: 'RE-04.3', version: 1, state: 'complete' }, 1])
  })

  it('of yes asks for a document where documents are the method', async () => {
    const { body } = await as('yamada').post(at('RE-01.1'), { answer: 'yes', version: await versionOf() })
    expect([body.state, (await given()).needsDocument]).toEqual(['needs_document', true])
  })

  it('is complete once a document is attached', async () => {
    const uploaded = await as('yamada').upload(`/applications/${id}/evidence/RE-01.1`, { name: '賃金台帳.txt', type: 'text/plain', bytes: Buffer.from('見本の賃金台帳\n') })
    const { state, documents } = await given()
    expect([uploaded.status, state, documents.map((document: { name: string }) => document.name)]).toEqual([201, 'complete', ['賃金台帳.txt']])
  })

  it('offers a document sent for one criterion to the others', async () => {
    const { others, documents } = await given('RE-07.1')
    expect([others.map((other: { label: string }) => other.label), documents]).toEqual([['賃金台帳.txt'], []])
  })

  it('"not applicable" needs a reason and keeps it', async () => {
    const without = await as('yamada').post(at('RE-10.3'), { answer: 'not_applicable', reason: '  ', version: 0 })
    const withReason = await as('yamada').post(at('RE-10.3'), { answer: 'not_applicable', reason: '該当する人がいません', version: 0 })
    expect([without.status, without.body.errors, withReason.body.state]).toEqual([422, [{ field: 'reason', message: '「あてはまらない」理由を書いてください。' }], 'complete'])
  })

  it('may be only a text so far: the choice can follow', async () => {
    const { status, body } = await as('yamada').post(at('RE-05.4'), { explanation: '書きかけ', version: 0 })
    expect([status, body.state]).toEqual([201, 'open'])
  })

  it('that did not change is not a new version', async () => {
    const body = { answer: 'no', explanation: '同じ', version: 0 }
    const first = await as('yamada').post(at('RE-05.5'), body), second = await as('yamada').post(at('RE-05.5'), { ...body, version: 1 })
    expect([first.body.version, second.body.version]).toEqual([1, 1])
  })

  it('saved by a colleague in the meantime is stale, and the page keeps what was typed', async () => {
    await as('yamada').post(at('RE-06.1'), { answer: 'yes', version: 0 })
    const stale = await as('yamada').submit(at('RE-06.1'), { answer: 'no', explanation: '消えては困る文', version: '0' })
    expect([stale.status, stale.text.includes('消えては困る文'), (await given('RE-06.1')).answer.answer]).toEqual([409, true, 'yes'])
  })

  it('of two that are sent at the same time one is kept and the other is told', async () => {
    const answers = await Promise.all(['yes', 'no'].map(answer => as('yamada').post(at('RE-08.2'), { answer, version: 0 })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  it('sent twice with one token is saved once', async () => {
    const body = { answer: 'no', version: 0, once: '019a0000-0000-7000-8000-0000000000aa' }
    const answers = [await as('yamada').post(at('RE-08.3'), body), await as('yamada').post(at('RE-08.3'), body)]
    expect([answers.map(({ status }) => status), await versionOf('RE-08.3')]).toEqual([[201, 201], 1])
  })

  it('leads on to the next criterion when asked to', async () => {
    const { status, location } = await as('yamada').submit(at('RE-01.2'), { answer: 'no', version: '0', go: 'next' })
    expect([status, location]).toEqual([303, at('RE-01.3')])
  })

  it.each([[{ answer: 'maybe' }, 'answer'], [{ answer: 'yes', explanation: 'あ'.repeat(4001) }, 'explanation'], [{ explanation: 'nul\0' }, 'explanation'], [{ explanation: 'lone \ud83d' }, 'explanation'],
    [{ reason: 'あ'.repeat(1001), answer: 'not_applicable' }, 'reason'], [{ answer: 'yes', version: -1 }, 'version']])('is refused as %j', async (body, field) => {
    const before = await given('RE-02.1')
    const { status, body: problem } = await as('yamada').post(at('RE-02.1'), { version: 0, ...body })
    expect([status, problem.errors.map((error: { field: string }) => error.field), await given('RE-02.1')]).toEqual([422, [field], before])
  })

  it('keeps 4000 characters, emoji, right-to-left letters and markup', async () => {
    const explanation = `${'株'.repeat(3970)} 👷🏽 שלום <script>alert(1)</script>`.slice(0, 4000)
    await as('yamada').post(at('RE-02.1'), { answer: 'partly', explanation, version: 0 })
    const page = await as('yamada').page(at('RE-02.1'))
    expect([(await given('RE-02.1')).answer.explanation, page.text.includes('<script>alert')]).toEqual([explanation, false])
  })
})

describe('who may answer', () => {
  it('nobody of another company, no staff on a draft, no criterion that is not asked', async () => {
    const answers = [await as('outsider').post(at(), { answer: 'yes', version: 0 }), await as('outsider').get(at()), await as('suzuki').get(at()), await anybody.get(at()),
      await as('sato').post(at(), { answer: 'yes', version: 0 }), await as('yamada').post(at('RE-99.9'), { answer: 'yes', version: 0 }), await as('yamada').get(at('nonsense'))]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 401, 403, 404, 404])
  })

  it('nobody after withdrawal, though the answers can still be read', async () => {
    await as('outsider').post('/applications')
    const other = (await as('outsider').get('/applications')).body.applications[0].id as string
    await as('outsider').post(`/applications/${other}/steps`, { action: 'withdraw', version: 0 })
    const { status, body } = await as('outsider').post(`/applications/${other}/answers/RE-01.1`, { answer: 'yes', version: 0 })
    expect([status, body.code, (await as('outsider').get(`/applications/${other}/answers/RE-01.1`)).body.mayChange]).toEqual([409, 'closed_for_changes', false])
  })
})

describe('the list of criteria', () => {
  it('is shorter for a firm of ten, says why, and drops no legal duty', async () => {
    const full = (await as('yamada').get(`/applications/${id}/answers`)).body
    await sql`update employers set workers = 10 where id = (select employer_id from memberships where person_id = ${idOf('yamada')})`
    const small = (await as('yamada').get(`/applications/${id}/answers`)).body
    const dropped = small.spared.filter((spared: { because: string }) => spared.because === 'micro_firm').map((spared: { id: string }) => spared.id)
    await sql`update employers set workers = 12 where id = (select employer_id from memberships where person_id = ${idOf('yamada')})`
    const { content } = (await sql`select content from standards`)[0] as { content: { criteria: { id: string; coreForMicro: boolean; legalBasis: { effectiveFrom?: string }[] }[] } }
    const lawless = content.criteria.filter(({ coreForMicro, legalBasis }) => !coreForMicro && !legalBasis.some(({ effectiveFrom }) => !effectiveFrom || effectiveFrom <= '2026-11-24')).map(criterion => criterion.id)
    expect([full.micro, small.micro, dropped, small.all]).toEqual([false, true, lawless, full.all - lawless.length])
    expect(lawless.length).toBeGreaterThan(0)
  })

  it('asks about housing only who arranges housing', async () => {
    await as('outsider').post('/applications')
    const { id: other } = (await as('outsider').get('/applications')).body.applications[0]
    const { spared } = (await as('outsider').get(`/applications/${other}/answers`)).body
    expect(spared).toEqual(['RE-09.1', 'RE-09.2', 'RE-09.3'].map(id => expect.objectContaining({ id, because: 'no_employer_housing' })))
  })

  it.each(['ja', 'en'])('and each criterion are drawn in %s', async lang => {
    const pages = [await as('yamada').page(`/applications/${id}/answers`, lang), await as('yamada').page(at(), lang), await as('yamada').page(at('RE-03.4'), lang)]
    expect([pages.map(({ status }) => status), pages[1]?.text.includes('<save-answer'), pages[0]?.text.includes('<progress')]).toEqual([[200, 200, 200], true, true])
  })
})
