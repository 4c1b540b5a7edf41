import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { casesOn } from '../support/cases.ts'
import { countQueries } from '../support/queries.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, world, world: { database: { sql } }, mails, runJobs, clock } = theatre
const { caseIn, assigned, stageOf } = casesOn(theatre)
const at = (id: string) => `/applications/${id}/clarifications`

/** Yamada Press on Sato's bench; the case before it is withdrawn, for one employer has one open application. */
async function onBench() {
  await sql`update applications set stage = 'withdrawn' where stage in ('desk_review', 'clarifying')`
  const id = await caseIn('desk_review')
  await assigned(id, 'sato')
  return id
}
const ask = (id: string, criterion = 'RE-01.1', question = '手当の計算書を見せてください。') => as('sato').post(at(id), { criterion, question })
const send = async (id: string, once?: string) => as('sato').post(`${at(id)}/sending`, { version: (await stageOf(id))?.version, once })
async function sentRound(...criteria: string[]) {
  const id = await onBench()
  for (const criterion of criteria.length > 0 ? criteria : ['RE-01.1']) await ask(id, criterion)
  await send(id)
  const questions = (await as('yamada').get(at(id))).body.open as { id: string; criterion: { id: string }; version: number }[]
  return { id, questions, first: questions[0]?.id ?? '' }
}
const handBack = async (id: string) => as('yamada').post(`${at(id)}/return`, { version: (await stageOf(id))?.version })

describe('drafting', () => {
  it('keeps questions to the assessors until the round is sent', async () => {
    const id = await onBench()
    expect((await ask(id)).status).toBe(201)
    const mine = (await as('sato').get(at(id))).body
    expect([mine.side, mine.drafts.length, mine.criteria.some(({ id: criterion }: { id: string }) => criterion === 'RE-01.1')]).toEqual(['asks', 1, false])
    const theirs = await as('yamada').get(at(id))
    expect([theirs.body.side, theirs.body.drafts, theirs.body.open, theirs.text.includes('手当の計算書')]).toEqual(['answers', [], [], false])
    expect((await as('suzuki').get(at(id))).text.includes('手当の計算書')).toBe(false)
  })

  it('rewrites the own draft, leaves another assessor\'s alone, and takes one back', async () => {
    const id = await onBench()
    await assigned(id, 'lee')
    await ask(id)
    await ask(id, 'RE-01.1', '4月分だけで結構です。')
    expect((await as('lee').post(at(id), { criterion: 'RE-01.1', question: 'Mine' })).body.code).toBe('already_exists')
    const [draft] = (await as('lee').get(at(id))).body.drafts
    expect(draft.question).toBe('4月分だけで結構です。')
    expect((await as('sato').post(`${at(id)}/${draft.id}/removal`)).status).toBe(201)
    expect((await as('sato').get(at(id))).body.drafts).toEqual([])
  })

  it('returns to the bench when written there, and shows the draft beside the rating', async () => {
    const id = await onBench()
    const { location } = await as('sato').post(at(id), { criterion: 'RE-01.2', question: '？', from: 'bench' })
    expect(location).toBe(`/applications/${id}/assessment/RE-01.2`)
    expect((await as('sato').get(location)).body.draft).toEqual({ question: '？', mine: true })
  })

  it.each([
    ['an empty question', { criterion: 'RE-01.1', question: '  ' }, 422], ['no criterion', { question: '？' }, 422], ['a criterion that does not exist', { criterion: 'RE-99.9', question: '？' }, 404],
    ['NUL', { criterion: 'RE-01.1', question: 'a\u0000' }, 422], ['a flood of words', { criterion: 'RE-01.1', question: 'あ'.repeat(2001) }, 422],
  ])('refuses %s', async (_, form, status) => {
    const id = await onBench()
    expect([(await as('sato').post(at(id), form)).status, (await as('sato').get(at(id))).body.drafts]).toEqual([status, []])
  })

  it('comes back to the form with what was typed, and no script runs', async () => {
    const id = await onBench()
    const { status, text } = await as('sato').submit(at(id), { criterion: '', question: '<script>x</script>', form: 'question' })
    expect([status, text.includes('&lt;script&gt;x'), text.includes('<script>x')]).toEqual([422, true, false])
  })
})

describe('sending the round', () => {
  it('moves the case to the employer with 14 days, tells every member by mail, and reopens only what was asked', async () => {
    const id = await onBench()
    await ask(id)
    mails.length = 0
    expect((await send(id)).body).toEqual({ stage: 'clarifying' })
    await runJobs()
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual([['yamada@yamada-press.example', '審査員から質問があります']])
    expect(mails[0]?.text).toContain(`/applications/${id}/clarifications`)
    const { body } = await as('yamada').get(at(id))
    expect([body.mayReply, body.application.dueAt, body.open.map((question: { criterion: { id: string }; answer: { answer: string } }) => [question.criterion.id, question.answer.answer])])
      .toEqual([true, '2026-12-08T14:59:59.999Z', [['RE-01.1', 'yes']]])
    const { text } = await as('yamada').page(at(id))
    expect([text.includes('手当の計算書'), text.includes('2026年12月8日'), text.includes(`/applications/${id}/answers/RE-01.1`)]).toEqual([true, true, true])
    expect((await as('yamada').page(at(id), 'en')).text).toContain('Questions from the assessor: 1')
  })

  it('is refused without a question', async () => {
    const id = await onBench()
    const { status, body } = await send(id)
    expect([status, body.code, body.missing, (await stageOf(id))?.stage]).toEqual([409, 'needs', ['questions_asked'], 'desk_review'])
  })

  it('has one effect when sent twice, and a stale form changes nothing', async () => {
    const id = await onBench(), once = randomUUID()
    await ask(id)
    const form = { version: (await stageOf(id))?.version, once }, twice = () => as('sato').post(`${at(id)}/sending`, form) // one form, read once
    const [first, second] = await Promise.all([twice(), twice()])
    expect([first.body, second.body]).toEqual([{ stage: 'clarifying' }, { stage: 'clarifying' }])
    expect((await sql`select count(*)::int as n from mails where application_id = ${id}`)[0]?.n).toBe(1)
    expect((await as('sato').post(`${at(id)}/sending`, { version: 3 })).body.code).toBe('stale')
  })

  it('cannot be taken back, and nothing is drafted while the employer replies', async () => {
    const { id, first } = await sentRound()
    expect((await as('sato').post(`${at(id)}/${first}/removal`)).status).toBe(404)
    expect((await ask(id, 'RE-01.2')).body.code).toBe('closed_for_changes')
  })
})

describe('replying', () => {
  it('is kept, may be rewritten, and the assessor reads it on the bench', async () => {
    const { id, first } = await sentRound()
    const { status, body } = await as('yamada').post(`${at(id)}/${first}/reply`, { reply: '計算書をつけました。' })
    expect([status, body.clarificationId]).toEqual([201, first])
    expect((await as('yamada').post(`${at(id)}/${first}/reply`, { reply: '4月分の計算書をつけました。', version: body.version })).status).toBe(201)
    const { body: bench } = await as('sato').get(`/applications/${id}/assessment/RE-01.1`)
    expect(bench.thread.map((question: { reply: string }) => question.reply)).toEqual(['4月分の計算書をつけました。'])
  })

  it('tells when a colleague replied meanwhile, and keeps what was typed', async () => {
    const { id, first } = await sentRound()
    await as('yamada').post(`${at(id)}/${first}/reply`, { reply: '同僚の回答' })
    const { status, text } = await as('yamada').submit(`${at(id)}/${first}/reply`, { reply: '私の回答', form: first })
    expect([status, text.includes('ほかの人が先に変更しました'), text.includes('私の回答')]).toEqual([409, true, true])
    expect((await as('yamada').get(at(id))).body.open[0].reply).toBe('同僚の回答')
  })

  it.each([['nothing', ''], ['NUL', 'a\u0000'], ['a lone surrogate', '\ud800'], ['a flood of words', 'あ'.repeat(4001)]])('is refused with %s', async (_, text) => {
    const { id, first } = await sentRound()
    expect((await as('yamada').post(`${at(id)}/${first}/reply`, { reply: text })).status).toBe(422)
    expect((await as('yamada').get(at(id))).body.open[0].reply).toBe('')
  })

  it('does not reach a question of another case, nor a draft', async () => {
    const { id } = await sentRound()
    const other = await caseIn('desk_review', 'outsider')
    await assigned(other, 'sato')
    const { body: { clarificationId } } = await ask(other)
    expect((await as('yamada').post(`${at(id)}/${clarificationId}/reply`, { reply: 'x' })).status).toBe(404)
    expect((await as('outsider').post(`${at(other)}/${clarificationId}/reply`, { reply: 'x' })).status).toBe(404)
  })
})

describe('handing back', () => {
  it('waits for every reply', async () => {
    const { id, first } = await sentRound('RE-01.1', 'RE-01.2')
    await as('yamada').post(`${at(id)}/${first}/reply`, { reply: 'はい' })
    const { status, body } = await handBack(id)
    expect([status, body.missing, (await stageOf(id))?.stage]).toEqual([409, ['questions_answered'], 'clarifying'])
    expect((await as('yamada').page(at(id))).text).toMatch(/<button class="button" disabled>審査員に戻す/)
  })

  it('closes the round, returns the case to the bench and marks the reply as to be read', async () => {
    const { id, questions } = await sentRound('RE-01.1', 'RE-01.2')
    for (const question of questions) await as('yamada').post(`${at(id)}/${question.id}/reply`, { reply: '直しました。' })
    expect((await handBack(id)).body).toEqual({ stage: 'desk_review' })
    const { body } = await as('yamada').get(at(id))
    expect([body.mayReply, body.open, body.rounds.map((round: { questions: unknown[] }) => round.questions.length)]).toEqual([false, [], [2]])
    expect((await as('sato').get(`/applications/${id}/assessment`)).body.doubtful.slice(0, 2).map((row: { criterion: string; doubts: string[] }) => [row.criterion, row.doubts.includes('reply_to_read')]))
      .toEqual([['RE-01.1', true], ['RE-01.2', true]])
    expect((await as('yamada').post(`${at(id)}/${questions[0]?.id}/reply`, { reply: 'もう一度' })).body.code).toBe('closed_for_changes')
    expect((await as('yamada').page(at(id))).text).toContain('いま答えていただく確認事項はありません')
  })

  it('allows another round about the same criterion, and keeps the earlier one', async () => {
    const { id, first } = await sentRound()
    await as('yamada').post(`${at(id)}/${first}/reply`, { reply: '一回目' })
    await handBack(id)
    clock.now = new Date(clock.now.getTime() + 3_600_000)
    await ask(id, 'RE-01.1', '5月分も見せてください。')
    expect((await send(id)).body).toEqual({ stage: 'clarifying' })
    const { body } = await as('yamada').get(at(id))
    expect([body.open.length, body.rounds[0].questions[0].reply]).toEqual([1, '一回目'])
  })
})

it('asks for a fixed number of statements, with one question and with three', async () => {
  const one = await sentRound()
  const few = await countQueries(world, () => as('yamada').get(at(one.id)))
  const three = await sentRound('RE-01.1', 'RE-01.2', 'RE-01.3')
  expect(await countQueries(world, () => as('yamada').get(at(three.id)))).toBe(few)
})

describe('whose it is', () => {
  it('other employers and other assessors get 404, as for a case that does not exist', async () => {
    const { id, first } = await sentRound()
    const statuses = [await as('outsider').get(at(id)), await as('outsider').post(`${at(id)}/${first}/reply`, { reply: 'x' }), await as('outsider').post(`${at(id)}/return`, { version: 4 }),
      await as('lee').get(at(id)), await as('lee').post(at(id), { criterion: 'RE-01.2', question: 'x' }), await as('lee').post(`${at(id)}/sending`, { version: 4 }), await as('yamada').get(at(randomUUID()))]
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404, 404])
  })

  it('the employer cannot ask and the assessor cannot reply', async () => {
    const { id, first } = await sentRound()
    const statuses = [await as('yamada').post(at(id), { criterion: 'RE-01.2', question: 'x' }), await as('yamada').post(`${at(id)}/sending`, { version: 4 }),
      await as('sato').post(`${at(id)}/${first}/reply`, { reply: 'x' }), await as('sato').post(`${at(id)}/return`, { version: 4 }), await as('tanaka').get(at(id))]
    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
  })

  it('the operator reads along', async () => {
    const { id } = await sentRound()
    expect((await as('suzuki').get(at(id))).body).toMatchObject({ side: 'reads', mayAsk: false, mayReply: false })
    expect((await as('suzuki').page(at(id))).text).toContain('手当の計算書')
  })

  it('a step that the stage does not know is refused', async () => {
    const id = await onBench()
    expect((await as('yamada').post(`${at(id)}/return`, { version: 3 })).body.code).toBe('no_such_step')
  })
})
