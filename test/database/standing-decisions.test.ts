import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// What the database promises about changes of a standing, whatever the application does: here each promise is attacked.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { issued } = sealedFilesOn(theatre)
const certificateId = async () => String((await sql`select id from certificates where number = ${(await issued()).number}`)[0]?.id)
const id = await certificateId(), other = await certificateId()
const at = '2026-11-24T01:00:00Z', today = '2026-11-24'
type Kept = { change?: string; by?: CastName; reasons?: string; until?: string | null; condition?: string | null; sites?: string | null; of?: string }
const decision = ({ change = 'withdrawn', by = 'tanaka', reasons = '理由', until = null, condition = null, sites = null, of = id }: Kept, key = randomUUID()) =>
  `insert into standing_decisions (id, certificate_id, change, reason_class, reasons, until, condition, sites_removed, decided_by, decided_at) values ('${key}', '${of}', '${change}', 'other', '${reasons}', ${until ? `'${until}'` : 'null'}, ${condition === null ? 'null' : `'${condition}'`}, ${sites === null ? 'null' : `'${sites}'`}, '${idOf(by)}', '${at}')`
type Told = { event?: string; actor?: string; on?: string; key?: string | null; of?: string; hour?: string }
const event = ({ event: name = 'withdrawn', actor = 'decision_maker', on = today, key = null, of = id, hour = at }: Told) =>
  `insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor, standing_decision_id, at) values ('${randomUUID()}', '${of}', '${name}', '${on}', 'other', '${actor}', ${key ? `'${key}'` : 'null'}, '${hour}')`
const both = (kept: Kept, told: Told = {}) => { const key = randomUUID(); return [decision(kept, key), event({ event: kept.change ?? 'withdrawn', key, ...told })] }
const went = 'went through'
// Rolled back when it goes through, so that one attempt does not spoil the next; what is only asked at the commit is asked before.
const attempt = (statements: string[]) => sql.begin(async tx => {
  for (const statement of statements) await tx.unsafe(statement)
  await tx.unsafe('set constraints all immediate')
  throw new Error(went)
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)
const site = '[{"kind":"workplace","nameJa":"本社","addressJa":"見本1"}]'

describe('a decision on a standing', () => {
  it.each([
    ['suspended', { until: '2027-05-24' }], ['reinstated', {}], ['condition_set', { condition: '鍵を直す' }], ['condition_met', {}], ['scope_reduced', { sites: site }], ['withdrawn', {}], ['transferred', {}],
  ] as [string, Kept][])('%s is kept with its change', async (change, kept) => expect(await attempt(both({ change, ...kept }))).toBe(went))

  it.each([
    ['by who assessed', both({ by: 'sato' }), 'decider_took_no_part'],
    ['without reasons', both({ reasons: ' ' }), 'standing_decision_gives_reasons'],
    ['of a change that nobody knows', [decision({ change: 'forgiven' })], 'standing_change_is_known'],
    ['of giving back', [decision({ change: 'surrendered' })], 'standing_change_is_known'],
    ['of a suspension without an end', both({ change: 'suspended' }), 'suspension_says_until_when'],
    ['of a suspension that ends today', both({ change: 'suspended', until: today }), 'suspension_says_until_when'],
    ['of a suspension of six months and a day', both({ change: 'suspended', until: '2027-05-25' }), 'suspension_says_until_when'],
    ['of a condition without words', both({ change: 'condition_set', condition: ' ' }), 'condition_is_written_down'],
    ['of a withdrawal on a condition', both({ condition: 'x' }), 'condition_is_written_down'],
    ['of a reduction by nothing', both({ change: 'scope_reduced', sites: '[]' }), 'reduction_names_its_sites'],
    ['of a reduction without sites', both({ change: 'scope_reduced' }), 'reduction_names_its_sites'],
    ['of a reduction by something else', both({ change: 'scope_reduced', sites: '{}' }), 'reduction_names_its_sites'],
    ['that changes nothing', [decision({})], 'decision_is_told_with_it'],
  ])('none %s', async (_, statements, promise) => expect(await attempt(statements)).toBe(promise))

  it('keeps its decider out of the case afterwards', async () => {
    const joins = (person: CastName) => [...both({ change: 'reinstated', by: 'kobayashi' }), `insert into assignments (id, application_id, person_id, part, assigned_by) select '${randomUUID()}', application_id, '${idOf(person)}', 'adviser', '${idOf('suzuki')}' from certificates where id = '${id}'`]
    expect([await attempt(joins('kobayashi')), await attempt(joins('lee'))]).toEqual(['decider_took_no_part', went])
  })

  it('is never changed, removed or emptied', async () => {
    const key = randomUUID()
    await sql.begin(async tx => { for (const statement of [decision({ change: 'reinstated', of: other }, key), event({ event: 'reinstated', key, of: other })]) await tx.unsafe(statement) })
    expect([await attempt([`update standing_decisions set reasons = 'x'`]), await attempt(['delete from standing_decisions']), await attempt(['truncate standing_decisions cascade']), await attempt([event({ event: 'reinstated', key, of: other })])])
      .toEqual(['standing_decisions_is_append_only', 'standing_decisions_is_append_only', expect.stringMatching(/append_only/), 'decision_changes_a_standing_once'])
  })
})

describe('a change of a standing', () => {
  const ended = both({})
  it.each([
    ['by a decision maker without a decision', [event({})], 'change_follows_its_decision'],
    ['by a decision about something else', both({ change: 'reinstated' }, { event: 'withdrawn' }), 'change_follows_its_decision'],
    ['by a decision about another certificate', both({}, { of: other }), 'change_follows_its_decision'],
    ['by a decision, told as the clock’s', both({ change: 'reinstated' }, { actor: 'clock' }), 'change_follows_its_decision'],
    ['that the clock withdraws', [event({ actor: 'clock' })], 'end_is_decided_by_a_person'],
    ['that an operator withdraws', [event({ actor: 'operator' })], 'end_is_decided_by_a_person'],
    ['that the clock transfers', [event({ event: 'transferred', actor: 'clock' })], 'end_is_decided_by_a_person'],
    ['that anybody but the holder gives back', [event({ event: 'surrendered', actor: 'operator' })], 'holder_alone_surrenders'],
    ['that the holder lifts', [event({ event: 'reinstated', actor: 'holder' })], 'holder_only_surrenders'],
    ['after an end', [...ended, ...both({ change: 'reinstated' })], 'nothing_follows_an_end'],
    ['by the clock after an end', [...ended, event({ event: 'suspended', actor: 'clock' })], 'nothing_follows_an_end'],
    ['given back after an end', [...ended, event({ event: 'surrendered', actor: 'holder' })], 'nothing_follows_an_end'],
    ['decided ahead of its hour', both({}, { on: '2026-11-25' }), 'change_is_dated_in_its_term'],
    ['decided before the issue', both({}, { on: '2026-11-23' }), 'change_is_dated_in_its_term'],
    ['given back after the term', [event({ event: 'surrendered', actor: 'holder', on: '2029-11-24', hour: '2029-11-24T01:00:00Z' })], 'change_is_dated_in_its_term'],
  ])('none %s', async (_, statements, promise) => expect(await attempt(statements)).toBe(promise))

  it.each([
    ['given back by the holder', [event({ event: 'surrendered', actor: 'holder' })]], ['suspended by the clock', [event({ event: 'suspended', actor: 'clock' })]],
    ['decided in the first hour of the day in Japan', both({ change: 'reinstated' }, { on: '2026-11-25', hour: '2026-11-24T15:00:00Z' })],
  ])('%s goes through', async (_, statements) => expect(await attempt(statements)).toBe(went))
})
