import { beforeEach, describe, expect, it } from 'vitest'
import { remindOfFindings } from '../../server/findings/remind.ts'
import { sweep } from '../../server/jobs/sweep.ts'
import { benchOn } from '../support/bench.ts'
import { stage } from '../support/world.ts'

// Reminders before, on and after a date, per audience, asked again when sent, never twice. Times are Japan's.
const theatre = await stage()
const { as, clock, mails, runJobs, world, idOf } = theatre
const { sql } = world.database
const { caseAt } = benchOn(theatre)
const morning = clock.now // 24 November 2026, 10:00
const at = (text: string) => { clock.now = new Date(`${text}+09:00`) }
const raise = async (id: string, criterion: string, grade: string) => (await as('sato').post(`/applications/${id}/findings`, { criterion, grade, statement: '計算がもれている。' })).body.findingId as string
async function major() {
  const id = await caseAt('correcting', { 'RE-07.3': 'major', 'RE-04.1': 'zero_tolerance', 'RE-07.1': 'major' })
  return { id, finding: await raise(id, 'RE-07.3', 'major') } // plan due on 8 December
}
const answer = async (finding: string, done = 'planned') => (await as('yamada').post(`/findings/${finding}/responses`, { cause: 'c', correction: 'c', correctiveAction: 'c', done, after: (await as('yamada').get(`/findings/${finding}`)).body.latest?.id ?? '' })).body.responseId as string
const reminders = () => mails.filter(({ subject }) => /^(指摘への対応|Findings:)/.test(subject))
const sent = () => reminders().map(({ to }) => to.split('@')[0]).toSorted()
/** Two processes sweep at once; then what they queued is sent. */
async function swept(text: string): Promise<(string | undefined)[]> {
  mails.length = 0
  at(text)
  await Promise.all([remindOfFindings(world), remindOfFindings(world)])
  await runJobs()
  return sent()
}
beforeEach(async () => { clock.now = morning; await runJobs(); mails.length = 0 })

describe('a reminder of a finding', () => {
  it('goes to the employer a week before, a day before, on the day and after it; then also to the assessor and the secretariat; never twice', async () => {
    await major()
    const told = []
    for (const day of ['2026-11-30T09:00:00', '2026-12-01T00:00:00', '2026-12-03T09:00:00', '2026-12-07T00:00:00', '2026-12-07T23:00:00', '2026-12-08T00:00:00', '2026-12-08T23:59:59.999', '2026-12-09T00:00:00', '2026-12-10T09:00:00', '2026-12-15T00:00:00', '2027-01-10T00:00:00']) told.push([day, await swept(day)])
    expect(told.filter(([, to]) => (to as string[]).length > 0)).toEqual([
      ['2026-12-01T00:00:00', ['yamada']], ['2026-12-07T00:00:00', ['yamada']], ['2026-12-08T00:00:00', ['yamada']],
      ['2026-12-09T00:00:00', ['sato', 'suzuki', 'yamada']], ['2026-12-15T00:00:00', ['sato', 'suzuki', 'yamada']],
    ])
  })

  it('names no word of the finding; one for all that is due at the same moment', async () => {
    const { id } = await major()
    await raise(id, 'RE-07.1', 'major')
    await swept('2026-12-01T09:00:00')
    const [mail] = reminders()
    expect([reminders().length, mail?.text.includes('（2 件）'), mail?.text.includes(`/applications/${id}/findings`), mail?.text.includes('計算がもれ'), mail?.text.includes('2026年12月8日')]).toEqual([1, true, true, false, true])
  })

  it('is asked again when it is sent: answered, or held by an appeal meanwhile, it is dropped', async () => {
    const { finding } = await major()
    at('2026-12-07T09:00:00')
    await remindOfFindings(world)
    await answer(finding)
    await runJobs()
    expect(sent()).toEqual([])
    const other = await major()
    at('2026-12-20T09:00:00')
    await as('yamada').post(`/appeals/against/finding/${other.finding}`, { grounds: '計算は合っている' })
    expect(await swept('2026-12-20T10:00:00')).toEqual([])
    expect((await as('yamada').page(`/findings/${other.finding}`)).text).toContain('会社の期限は止まっています')
    expect(Number((await sql`select count(*)::int as n from mails where template = 'finding_due' and dropped_at is not null`)[0]?.n)).toBe(1)
  })

  it('the assessor is reminded of the own date, the employer not', async () => {
    const { finding } = await major()
    await answer(finding, 'done')
    expect([await swept('2027-03-24T09:00:00'), await swept('2027-03-25T00:00:00')]).toEqual([['sato'], ['sato', 'suzuki']])
  })

  it('zero tolerance: the secretariat of its alert, the employer of each step', async () => {
    const id = await caseAt('correcting', { 'RE-04.1': 'zero_tolerance' })
    const finding = await raise(id, 'RE-04.1', 'zero_tolerance')
    expect(await swept('2026-11-24T20:00:00')).toEqual([]) // told of today
    expect(await swept('2026-11-25T09:00:00')).toEqual(['suzuki', 'yamada', 'yamada']) // on the day: the alert; within a week: plan and containment
    await as('suzuki').post(`/findings/${finding}/steps`, { step: 'alert', words: '受けた' })
    expect(await swept('2026-11-25T11:00:00')).toEqual([]) // taken note of: not late
    expect(await swept('2026-11-27T10:00:00.001')).toEqual(['sato', 'suzuki', 'yamada']) // 72 hours and a millisecond
  })

  it('survives a sweep that died, and a process that was away for days sends the one of today only', async () => {
    await major()
    at('2026-12-08T09:00:00')
    await sql`create function die() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$`
    await sql`create trigger a_dies after insert on mails for each row execute function die()`
    await expect(remindOfFindings(world)).rejects.toThrow()
    await sql`drop trigger a_dies on mails`
    await sql`drop function die()`
    expect(await swept('2026-12-08T10:00:00')).toEqual(['yamada'])
    expect(reminders()[0]?.subject).toContain('今日')
  })

  it('is part of the hourly sweep; a case that came to its end is left alone', async () => {
    const { id } = await major()
    at('2026-12-07T09:00:00')
    await sweep(world)
    await runJobs()
    expect(sent()).toEqual(['yamada'])
    await sql`update applications set stage = 'withdrawn' where id = ${id}`
    expect(await swept('2026-12-09T09:00:00')).toEqual([])
  })

  it('nobody who is tied to the client hears of it', async () => {
    const { id } = await major()
    expect(await swept('2026-12-09T09:00:00')).toContain('suzuki')
    await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by) select gen_random_uuid(), ${idOf('suzuki')}, e.corporate_number, 'family_tie', '姉', ${idOf('suzuki')} from applications a join employers e on e.id = a.employer_id where a.id = ${id}`
    expect(await swept('2026-12-15T09:00:00')).toEqual(['sato', 'yamada'])
  })
})
