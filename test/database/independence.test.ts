import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { tieKinds } from '../../server/domain/independence.ts'
import { asIfEarlier } from '../support/as-if.ts'
import { casesOn } from '../support/cases.ts'
import { stage } from '../support/world.ts'

// C3, C8, C20. Somebody with SQL in their hands puts a tied person on a case, or takes back what is on record. Every attempt names the promise that stopped it.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const attempt = async (run: () => Promise<unknown>): Promise<string> => run().then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)
const numbers = (function* () { for (let n = 1000000000001; ; n += 1) yield String(n) })()
const onlyOne = { employed: false, paid: false, advised: false, trained: false, family_tie: false, financial_tie: false }

async function client(): Promise<{ employer: string; number: string }> {
  const employer = await anotherEmployer('見本'), number = numbers.next().value ?? ''
  await sql`update employers set corporate_number = ${number} where id = ${employer}`
  return { employer, number }
}

const assign = (application: string, person: string, { part = 'assessor', by = idOf('suzuki'), at = '2026-11-24' } = {}) =>
  sql`insert into assignments (id, application_id, person_id, part, assigned_by, assigned_at) values (${randomUUID()}, ${application}, ${person}, ${part}, ${by}, ${at}) returning id`
const tie = (person: string, number: string, { kind = 'paid', ended = null as string | null } = {}) =>
  sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, ended_on, recorded_by, recorded_at) values (${randomUUID()}, ${person}, ${number}, ${kind}, '関係', ${ended}, ${person}, '2020-01-01T00:00+09:00') returning id`
const kindsOf = async (person: string, employer: string) => (await sql`select kind from ties where person_id = ${person} and employer_id = ${employer} and until > '2026-11-24'`).map(row => row.kind)

/** Every way in which Postgres can hear of a tie. */
const ways: [kind: string, make: (client: { employer: string; number: string }) => Promise<unknown>][] = [
  ['employed', async ({ employer }) => sql`insert into memberships (person_id, employer_id) values (${idOf('lee')}, ${employer})`],
  ['employed', async ({ employer }) => sql`insert into membership_ends (person_id, employer_id, ended_on) values (${idOf('lee')}, ${employer}, '2024-11-25')`],
  ['advised', async ({ employer }) => assign(await caseIn('withdrawn', 'yamada', employer), idOf('lee'), { part: 'adviser' })],
  ['sold', async ({ employer }) => assign(await caseIn('withdrawn', 'yamada', employer), idOf('lee'), { part: 'seller' })],
  ...(['employed', 'paid', 'advised', 'trained', 'family_tie', 'financial_tie'] as const).flatMap(kind => [
    [kind, async ({ number }: { number: string }) => tie(idOf('lee'), number, { kind })],
    [kind, async ({ number }: { number: string }) => tie(idOf('lee'), number, { kind, ended: '2024-11-25' })],
    [kind, async ({ employer }: { employer: string }) => {
      const before = await caseIn('withdrawn', 'yamada', employer), assignment = await assigned(before, 'lee', { declared: false })
      await sql`insert into interest_declarations ${sql({ id: randomUUID(), assignment_id: assignment, application_id: before, person_id: idOf('lee'), ...onlyOne, [kind]: true, declared_at: '2026-01-10' })}`
    }],
  ] as [string, (client: { employer: string; number: string }) => Promise<unknown>][]),
]

describe('whoever is tied to the client', () => {
  it('in every kind that is known', () => expect(new Set(ways.map(([kind]) => kind))).toEqual(new Set(tieKinds)))

  it.each(ways)('%s: is assigned to none of its cases, in whatever way it came to be known (%#)', async (kind, make) => {
    const one = await client()
    await make(one)
    expect(await kindsOf(idOf('lee'), one.employer)).toEqual([kind])
    const id = await caseIn('accepted', 'yamada', one.employer)
    for (const part of ['assessor', 'interpreter']) expect(await attempt(() => assign(id, idOf('lee'), { part })), part).toMatch(/^(assignee_has_no_tie|assessor_is_no_client)$/)
    expect(await attempt(() => assign(id, idOf('sato')))).toBe('went through')
    await sql`delete from memberships where person_id = ${idOf('lee')}`
  })

  const acts: [promise: string, act: (application: string, person: string) => Promise<unknown>][] = [
    ['assigner_has_no_tie', (a, p) => assign(a, idOf('sato'), { by: p })],
    ['screener_has_no_tie', (a, p) => sql`insert into screenings (id, application_id, outcome, screened_by) values (${randomUUID()}, ${a}, 'accept', ${p})`],
    ['assessor_has_no_tie', (a, p) => sql`insert into ratings (application_id, criterion, rating, rated_by) values (${a}, 'RE-01.1', 'conforms', ${p})`],
    ['assessor_has_no_tie', (a, p) => sql`insert into clarifications (id, application_id, criterion, question, asked_by) values (${randomUUID()}, ${a}, 'RE-01.1', 'q', ${p})`],
    ['assessor_has_no_tie', (a, p) => sql`insert into visits (id, application_id, starts_on, ends_on, site_ids, person_days, interviews_planned, calculation, planned_by) values (${randomUUID()}, ${a}, '2026-12-01', '2026-12-01', array[${randomUUID()}::uuid], 1, 1, '{}', ${p})`],
    ['assessor_has_no_tie', (a, p) => sql`insert into visit_notes (id, application_id, criterion, note, written_by) values (${randomUUID()}, ${a}, 'RE-01.1', 'n', ${p})`],
    ['assessor_has_no_tie', (a, p) => sql`insert into interviews (id, application_id, code, form, people, language, minutes, held_on, written_by) values (${randomUUID()}, ${a}, 'A-01', 'single', 1, 'vi', 20, '2026-12-01', ${p})`],
    ['assessor_has_no_tie', (a, p) => sql`insert into findings (id, application_id, criterion, criterion_version, grade, statement, raised_by) values (${randomUUID()}, ${a}, 'RE-01.1', '1', 'minor', 's', ${p})`],
    ['assessor_has_no_tie', (a, p) => sql`insert into recommendations (id, application_id, outcome, summary, written_by) values (${randomUUID()}, ${a}, 'certify', 's', ${p})`],
    ['decider_has_no_tie', (a, p) => asIfEarlier(sql, 'decisions', () => // no decision is due here, and nothing is sealed; those are other promises
      sql`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values (${randomUUID()}, ${a}, 'refuse', 'r', 'h', ${p})`)],
  ]
  it.each(acts)('%s: takes no part in it (%#)', async (promise, act) => {
    const { employer, number } = await client(), id = await caseIn('visit_planned', 'yamada', employer)
    await tie(idOf('kobayashi'), number)
    expect(await attempt(() => act(id, idOf('kobayashi')))).toBe(promise)
    expect(await attempt(() => act(id, idOf('tanaka')))).toBe('went through')
  })

  it.each(acts.filter(([promise]) => promise === 'assessor_has_no_tie'))('%s: on the work of whoever declared nothing, nothing is certified (%#)', async (_, act) => {
    const { employer } = await client(), id = await caseIn('visit_planned', 'yamada', employer)
    await act(id, idOf('kobayashi'))
    const certify = () => attempt(() => sql`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values (${randomUUID()}, ${id}, 'certify', 'r', 'h', ${idOf('tanaka')})`)
    await asIfEarlier(sql, 'decisions', async () => {
      expect(await certify()).toBe('who_evaluated_has_declared')
      await assigned(id, 'kobayashi')
      expect(await certify()).toBe('went through')
    })
  })

  it('counts no more from the day on which 24 months are over', async () => {
    const { employer, number } = await client(), id = await caseIn('accepted', 'yamada', employer)
    await tie(idOf('lee'), number, { ended: '2024-11-24' })
    expect([await attempt(() => assign(id, idOf('lee'), { at: '2026-11-23' })), await attempt(() => assign(id, idOf('lee'), { at: '2026-11-24' }))]).toEqual(['assignee_has_no_tie', 'went through'])
  })

  it('leaves a tie behind on leaving, also when the membership moves elsewhere', async () => {
    const [one, other] = [await client(), await client()]
    await sql`insert into memberships (person_id, employer_id) values (${idOf('hoshi')}, ${one.employer})`
    await sql`update memberships set employer_id = ${other.employer} where person_id = ${idOf('hoshi')}`
    await sql`delete from memberships where person_id = ${idOf('hoshi')}`
    expect((await sql`select employer_id from membership_ends where person_id = ${idOf('hoshi')} order by id`).map(row => row.employer_id).sort()).toEqual([one.employer, other.employer].sort())
  })
})

describe('what is on record', () => {
  let competence = '', recorded = '', objection = ''
  beforeAll(async () => {
    const id = await caseIn('accepted'), assignment = await assigned(id, 'sato')
    competence = (await sql`insert into competences (id, person_id, kind, subject, evidence, obtained_on, valid_until, recorded_by) values (${randomUUID()}, ${idOf('sato')}, 'language', 'my', 'e', '2026-01-01', '2028-01-01', ${idOf('suzuki')}) returning id`)[0]?.id
    recorded = (await tie(idOf('sato'), '9999999999999'))[0]?.id
    objection = (await sql`insert into objections (id, application_id, assignment_id, assessor_id, reasons, raised_by) values (${randomUUID()}, ${id}, ${assignment}, ${idOf('sato')}, 'r', ${idOf('yamada')}) returning id`)[0]?.id
    await sql`insert into objection_answers (id, objection_id, upheld, reasons, answered_by) values (${randomUUID()}, ${objection}, true, 'r', ${idOf('suzuki')})`
    await sql`update assignments set ended_at = now() where id = ${assignment}`
  })

  it.each([['competences', "valid_until = '2099-01-01'", 'competence_is_kept'], ['recorded_ties', "kind = 'trained'", 'tie_is_kept'], ['objections', "reasons = 'forged'", 'objections_is_append_only'],
    ['objection_answers', 'upheld = false', 'objection_answers_is_append_only'], ['membership_ends', "ended_on = '2000-01-01'", 'membership_ends_is_append_only']])('no row of %s is rewritten, removed or emptied', async (table, change, promise) => {
    expect(await attempt(() => sql.unsafe(`update ${table} set ${change}`))).toBe(promise)
    expect(await attempt(() => sql.unsafe(`delete from ${table}`))).toBe(promise)
    expect(await attempt(() => sql.unsafe(`truncate ${table} cascade`))).toMatch(/_is_append_only$/)
  })

  it('a tie does not end before the day on which it was told', async () => {
    const attempts = ['2019-12-31', '2020-01-01'].map(day => () => sql.begin(async tx => { await tx`update recorded_ties set ended_on = ${day} where id = ${recorded}`; throw new Error('went through') }))
    expect([await attempt(attempts[0] as never), await attempt(attempts[1] as never)]).toEqual(['tie_ends_after_it_was_told', 'went through'])
  })

  it('an end is written once', async () => {
    await sql`update recorded_ties set ended_on = '2026-10-01' where id = ${recorded}`
    expect(await attempt(() => sql`update recorded_ties set ended_on = '2020-10-01' where id = ${recorded}`)).toBe('tie_is_kept')
    await sql`update competences set ended_at = now(), ended_by = ${idOf('suzuki')} where id = ${competence}`
    expect(await attempt(() => sql`update competences set ended_at = null, ended_by = null where id = ${competence}`)).toBe('competence_is_kept')
  })

  it('nobody attests their own competence', async () => expect(await attempt(() => sql`insert into competences (id, person_id, kind, subject, evidence, obtained_on, valid_until, recorded_by)
    values (${randomUUID()}, ${idOf('sato')}, 'language', 'my', 'e', '2026-01-01', '2028-01-01', ${idOf('sato')})`)).toBe('nobody_attests_their_own_competence'))

  it('interests are declared once a year, and again when it is over', async () => {
    const id = await caseIn('accepted', 'yamada', (await client()).employer), assignment = await assigned(id, 'lee')
    const declare = (at: string) => attempt(() => sql`insert into interest_declarations ${sql({ id: randomUUID(), assignment_id: assignment, application_id: id, person_id: idOf('lee'), ...onlyOne, declared_at: at })}`)
    expect([await declare('2027-11-23T00:00:00Z'), await declare('2027-11-24T01:00:00Z')]).toEqual(['interests_declared_once_a_year', 'went through'])
  })

  it('the client objects once, nobody for it, to somebody on the case; the one it was right about stays off', async () => {
    const [{ id, employer_id: employer } = { id: '', employer_id: '' }] = await sql`select a.id, a.employer_id from applications a join objections o on o.application_id = a.id where o.id = ${objection}`
    const assignment = (await assign(id, idOf('lee')))[0]?.id
    const object = (by: string, to = idOf('lee')) => attempt(() => sql`insert into objections (id, application_id, assignment_id, assessor_id, reasons, raised_by) values (${randomUUID()}, ${id}, ${assignment}, ${to}, 'r', ${by})`)
    expect([await object(idOf('yamada')), await object(idOf('outsider')), await object(idOf('yamada'), idOf('tanaka'))]).toEqual(['objected_once_per_case', 'objection_is_the_clients', 'objected_once_per_case'])
    expect(await attempt(() => assign(id, idOf('sato')))).toBe('assignee_was_not_objected_to')
    expect(await attempt(() => sql`insert into objection_answers (id, objection_id, upheld, reasons, answered_by) values (${randomUUID()}, ${objection}, false, 'r', ${idOf('suzuki')})`)).toBe('objection_is_answered_once')
    expect(await attempt(() => sql`insert into objection_answers (id, objection_id, upheld, reasons, answered_by) values (${randomUUID()}, ${objection}, false, 'r', ${idOf('sato')})`)).toBe('objection_is_answered_by_another')
    await sql`update applications set stage = 'withdrawn' where id = ${id}`
    expect(await attempt(async () => assign(await caseIn('accepted', 'yamada', employer), idOf('sato')))).toBe('went through') // off this case, not off the client for ever
  })
})
