import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type postgres from 'postgres'
import { expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Any people try anything in any order, by plain SQL: whatever goes through, nobody has two hats. The promises' own functions are not asked.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { awaiting, employerOf } = sealedFilesOn(theatre)
const application = await awaiting({ employerId: await employerOf('yamada') })
await sql`update people set staff_roles = '{decision_maker}' where id in (${idOf('lee')}, ${idOf('outsider')})`
const runs = 200, longest = 24

const people = ['tanaka', 'kobayashi', 'lee', 'outsider', 'sato', 'suzuki', 'yamada'] as const
type Attempt = { what: 'sign' | 'certify' | 'refuse' | 'file' | 'hand_over' | 'uphold' | 'reject' | 'join' | 'reopen'; who: CastName }
// Half of it in an order that leads on, so that walks come far; the other half anything.
const anything = fc.record({ what: fc.constantFrom<Attempt['what']>('sign', 'certify', 'refuse', 'file', 'hand_over', 'uphold', 'reject', 'join', 'reopen'), who: fc.constantFrom(...people) })
const someone = fc.constantFrom(...people)
const leadingOn = fc.tuple(someone, someone, someone, someone).map(([first, handler, second, beside]): Attempt[] =>
  [{ what: 'refuse', who: first }, { what: 'file', who: 'yamada' }, { what: 'hand_over', who: handler }, { what: 'uphold', who: handler }, { what: 'sign', who: beside }, { what: 'certify', who: second }])
const walks = fc.array(fc.oneof(anything.map(one => [one]), leadingOn), { maxLength: longest / 3 }).map(parts => parts.flat().slice(0, longest))

type Tx = postgres.TransactionSql
const at = (second: number) => new Date(Date.parse('2026-11-24T01:00:00Z') + second * 1000).toISOString()
const attempts: Record<Attempt['what'], (tx: Tx, who: string, now: string) => Promise<unknown>> = {
  sign: (tx, who, now) => tx`insert into decision_signatures (id, application_id, dossier_sha256, reasons, signed_by, signed_at) select ${randomUUID()}, application_id, sha256, '理由', ${who}, ${now} from dossiers where application_id = ${application}`,
  certify: (tx, who, now) => decide(tx, { who, now, outcome: 'certify', stage: 'certified' }),
  refuse: (tx, who, now) => decide(tx, { who, now, outcome: 'refuse', stage: 'refused' }),
  file: (tx, who, now) => tx`insert into appeals (id, application_id, decision_id, grounds, filed_by, filed_at) values (${randomUUID()}, ${application}, (select id from decisions where application_id = ${application} order by decided_at desc limit 1), '理由', ${who}, ${now})`,
  hand_over: (tx, who, now) => tx`insert into appeal_assignments (id, appeal_id, person_id, assigned_by, assigned_at) select ${randomUUID()}, id, ${who}, ${idOf('suzuki')}, ${now} from appeals order by filed_at desc limit 1`,
  uphold: (tx, who, now) => answer(tx, { who, now, outcome: 'upheld' }),
  reject: (tx, who, now) => answer(tx, { who, now, outcome: 'rejected' }),
  join: (tx, who, now) => tx`insert into assignments (id, application_id, person_id, part, assigned_by, assigned_at) values (${randomUUID()}, ${application}, ${who}, 'interpreter', ${idOf('suzuki')}, ${now})`,
  reopen: tx => tx`update applications set stage = 'awaiting_decision' where id = ${application}`,
}

async function decide(tx: Tx, { who, now, outcome, stage: to }: { who: string; now: string; outcome: string; stage: string }) {
  await tx`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by, decided_at) values (${randomUUID()}, ${application}, ${outcome}, '理由', (select sha256 from dossiers where application_id = ${application}), ${who}, ${now})`
  await tx`update applications set stage = ${to} where id = ${application}`
}

async function answer(tx: Tx, { who, now, outcome }: { who: string; now: string; outcome: string }) {
  await tx`insert into appeal_decisions (id, appeal_id, outcome, reasons, decided_by, decided_at) select ${randomUUID()}, id, ${outcome}, '理由', ${who}, ${now} from appeals order by filed_at desc limit 1`
  if (outcome === 'upheld') await attempts.reopen(tx, who, now)
}

const reached = { certified: 0, again: 0, refusals: 0 }

/** What is wrong with the case as it lies there now. */
async function wrongs(tx: Tx): Promise<string[]> {
  const deciders = await tx`select decided_by as id, outcome, appeal_id from decisions where application_id = ${application} order by decided_at`, handlers = await tx`select distinct person_id as id from appeal_assignments`
  const signers = await tx`select signed_by as id, signed_at as at from decision_signatures where application_id = ${application}`, [last] = await tx`select decided_by as id, decided_at as at from decisions where application_id = ${application} order by decided_at desc`
  const inside = await tx`select person_id as id from assignments where application_id = ${application} union select person_id from memberships m join applications a on a.employer_id = m.employer_id where a.id = ${application}`
  const [{ stage: now, upheld } = {}] = await tx`select stage, (select count(*)::int from appeal_decisions where outcome = 'upheld') as upheld from applications where id = ${application}`
  const shared = (one: readonly Record<string, unknown>[], other: readonly Record<string, unknown>[]) => one.some(({ id }) => other.some(each => each.id === id))
  if (now === 'certified') reached[deciders.length > 1 ? 'again' : 'certified'] += 1
  return [
    shared(deciders, inside) && 'a decider took part', shared(handlers, inside) && 'a handler took part', shared(handlers, deciders) && 'a handler decided',
    shared(signers, inside) && 'a signer took part', shared(handlers, signers) && 'a handler signed',
    now === 'certified' && !signers.some(({ id }) => id !== last?.id) && 'a first certificate signed by one',
    new Set(deciders.map(({ id }) => id)).size < deciders.length && 'somebody decided twice',
    deciders.length > 1 + Number(upheld) && 'more decisions than appeals allow', deciders.some(({ appeal_id: appeal }, nth) => (appeal !== null) !== nth > 0) && 'a decision without its appeal',
    now === 'certified' && deciders.at(-1)?.outcome !== 'certify' && 'certified by a refusal', now === 'refused' && deciders.at(-1)?.outcome !== 'refuse' && 'refused by a certification',
  ].filter(wrong => wrong !== false)
}

async function walk(steps: readonly Attempt[]): Promise<string[]> {
  let found: string[] = []
  await sql.begin(async tx => {
    for (const [second, { what, who }] of steps.entries()) {
      await tx.savepoint(async inner => {
        await attempts[what](inner as unknown as Tx, idOf(who), at(second))
        await inner.unsafe('set constraints all immediate')
      }).catch(() => { reached.refusals += 1 })
      await tx.unsafe('set constraints all deferred')
    }
    found = await wrongs(tx)
    throw new Error('walked')
  }).catch((error: Error) => { if (error.message !== 'walked') throw error })
  return found
}

it(`no walk of ${runs} gives anybody two hats, and walks come to the end, with and without an appeal`, { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(walks, async steps => { expect(await walk(steps)).toEqual([]) }), { numRuns: runs })
  expect([reached.certified > 0, reached.again > 0, reached.refusals > runs]).toEqual([true, true, true])
})
