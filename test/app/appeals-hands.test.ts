import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { assignments } from '../../schema/assessments.ts'
import type { CastName } from '../../scripts/seed.ts'
import { appealsOn } from '../support/appeals.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, idOf, mails, runJobs, clock, world: { database: { db, sql } } } = theatre
const { stageOf } = sealedFilesOn(theatre)
await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('lee')}`
const { refused, file, handled, answer } = appealsOn(theatre)
let related_so_far = 0
/** Told at /ties: a tie to the company that nothing in its cases shows. */
async function related(applicationId: string, who: CastName) {
  const number = `${8000000000000 + related_so_far++}`
  await sql`update employers set corporate_number = ${number} where id = (select employer_id from applications where id = ${applicationId})`
  await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by) values (${randomUUID()}, ${idOf(who)}, ${number}, 'family_tie', '兄', ${idOf(who)})`
}
const operations = (subject: string) => sql`select operation, actor_id, after from journal where subject_id = ${subject} order by id`

describe('who has a hand in the case', () => {
  it.each<[string, CastName, string]>([['the decider', 'tanaka', 'decider'], ['an adviser of old', 'lee', 'adviser'], ['a relative', 'kobayashi', 'tied']])('%s is not offered, is refused, and the attempt is on record', async (_, who, hand) => {
    const { id, href } = await refused()
    if (hand === 'tied') await related(id, who)
    if (who === 'lee') await db.insert(assignments).values({ applicationId: id, personId: idOf('lee'), part: 'adviser', assignedBy: idOf('suzuki'), endedAt: clock.now })
    const { body: { appealId } } = await file(href)
    const offered = (await as('suzuki').get(`/appeals/${appealId}`)).body.candidates.map((person: { id: string }) => person.id)
    const attempt = await as('suzuki').post(`/appeals/${appealId}/handler`, { personId: idOf(who) })
    expect([offered.includes(idOf(who)), attempt.status, attempt.body.code]).toEqual([false, 403, 'not_independent'])
    expect((await operations(appealId)).at(-1)).toEqual({ operation: 'appeals.hand_over.refused', actor_id: idOf('suzuki'), after: { handler: idOf(who), refused: 'not_independent', missing: [hand] } })
  })

  it('a secretary who is tied to the client neither hears of it nor finds it nor hands it over; the attempt is on record', async () => {
    const { id, href } = await refused()
    await related(id, 'suzuki')
    await runJobs()
    mails.length = 0
    const { body: { appealId } } = await file(href), appeal = `/appeals/${appealId}`
    await runJobs()
    expect([mails.some(({ to }) => to.startsWith('yamada')), mails.some(({ to }) => to.startsWith('suzuki'))]).toEqual([true, false])
    expect([(await as('suzuki').get(appeal)).status, (await as('suzuki').page('/appeals')).text.includes(appealId), (await as('suzuki').post(`${appeal}/handler`, { personId: idOf('lee') })).status, (await as('yamada').get(appeal)).status]).toEqual([404, false, 404, 200])
    expect((await operations(appealId)).at(-1)).toEqual({ operation: 'appeals.hand_over.refused', actor_id: idOf('suzuki'), after: { handler: idOf('lee'), refused: 'has_interest' } })
  })

  it('a handler who turns out to be related finds it no more, and is refused; the secretariat may give it to another', async () => {
    const { id, href } = await refused()
    const appealId = await handled(href, 'lee')
    await related(id, 'lee')
    expect([(await as('lee').get(`/appeals/${appealId}`)).status, (await as('suzuki').get(`/appeals/${appealId}`)).body.state, (await answer(appealId, 'upheld', 'lee')).body.code]).toEqual([404, 'filed', 'not_independent'])
  })

  it('a handler who is barred is shown so to the secretariat alone, on the page and in the list, until another has it', async () => {
    const { id, href } = await refused(), appealId = await handled(href, 'lee'), shown = async (who: CastName) => (await as(who).get(`/appeals/${appealId}`)).body.handlerBarred
    const said = async (lang: 'ja' | 'en') => Promise.all([`/appeals/${appealId}`, '/appeals'].map(async path => (await as('suzuki').page(path, lang)).text))
    const barredIn = (text: string) => text.split('担当できません').length - 1, [fresh = '', before = ''] = await said('ja')
    expect([await shown('suzuki'), fresh.includes('さんは、この申立てを判定できなくなりました')]).toEqual([false, false])
    await related(id, 'lee')
    const [page = '', list = ''] = await said('ja'), [english = ''] = await said('en')
    expect([await shown('suzuki'), await shown('yamada'), page.includes('さんは、この申立てを判定できなくなりました'), barredIn(list) - barredIn(before), english.includes('Lee Ji-won may not decide it any more')]).toEqual([true, false, true, 1, true])
    const told = await answer(appealId, 'upheld', 'lee')
    expect([told.status, told.body.code, told.text.length > 0, (await sql`select 1 from appeal_decisions where appeal_id = ${appealId}`).length]).toEqual([403, 'not_independent', true, 0])
    expect([(await as('suzuki').post(`/appeals/${appealId}/handler`, { personId: idOf('kobayashi'), once: randomUUID() })).status, await shown('suzuki')]).toEqual([201, false])
  })

  it('is refused at the decision when a tie comes to light after the handing over', async () => {
    const { id, href } = await refused()
    const appealId = await handled(href, 'lee')
    await sql.unsafe('alter table assignments disable trigger appeal_handler_joins_no_case')
    await db.insert(assignments).values({ applicationId: id, personId: idOf('lee'), part: 'seller', assignedBy: idOf('suzuki'), endedAt: clock.now })
    await sql.unsafe('alter table assignments enable always trigger appeal_handler_joins_no_case')
    expect([(await as('lee').get(`/appeals/${appealId}`)).status, (await as('lee').get('/appeals')).body.appeals.filter((one: { id: string }) => one.id === appealId), (await as('suzuki').get(`/appeals/${appealId}`)).body.state]).toEqual([404, [], 'filed'])
    const attempt = await answer(appealId, 'upheld', 'lee')
    expect([attempt.status, attempt.body.code, (await stageOf(id))?.stage, (await operations(appealId)).at(-1)?.after]).toEqual([403, 'not_independent', 'refused', { refused: 'not_independent', missing: ['seller'] }])
  })

  it('only the handler decides, of two hands one wins, and nobody outside sees it', async () => {
    const { href } = await refused()
    const appealId = await handled(href)
    expect((await Promise.all((['outsider', 'tanaka', 'lee', 'sato', 'minato'] as const).map(async who => (await as(who).get(`/appeals/${appealId}`)).status))).map(status => status >= 403)).toEqual([true, true, true, true, true])
    expect((await answer(appealId, 'upheld', 'lee')).status).toBe(404)
    expect((await as('outsider').get('/appeals')).body.appeals).toEqual([])
    expect((await Promise.all([answer(appealId, 'upheld'), answer(appealId, 'rejected')])).map(({ status }) => status).toSorted()).toEqual([201, 409])
  })
})
