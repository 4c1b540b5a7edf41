import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heads, merged, type Versions } from '../../server/domain/notebook.ts'
import { benchOn } from '../support/bench.ts'
import { casesOn } from '../support/cases.ts'
import { notebookOn, wireOn, type Captured, type Phone } from '../support/notebooks.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { cookieOf, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre), { assigned } = casesOn(theatre)
const { opened, version } = notebookOn(theatre)
const { port } = await wireOn(theatre)

type Answer = { confirmed: { hash: string }[]; versions: Captured[]; after: number; more: boolean }
/** What the page keeps: everything it knows, what the server has not confirmed, and how far it has read. */
type Notebook = { phone: Phone; known: Versions; outbox: Map<string, Captured>; after: number; last: string }

const origin = `http://127.0.0.1:${port}`
async function call({ phone: { who, device, applicationId }, after }: Notebook, versions: readonly Captured[]): Promise<Answer> {
  const answer = await fetch(`${origin}/notebook/sync`, {
    method: 'POST', headers: { origin, cookie: cookieOf(who), accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ device, applicationId, sentAt: new Date().toISOString(), waiting: versions.length, after, versions }),
  })
  if (answer.status !== 200) throw new Error(await answer.text())
  return await answer.json() as Answer
}
function hear(notebook: Notebook, { confirmed, versions, after }: Answer) {
  for (const { hash } of confirmed) notebook.outbox.delete(hash)
  notebook.known = merged(notebook.known, new Map(versions.map(({ hash, version: one }) => [hash, one])))
  notebook.after = Math.max(notebook.after, after)
}
function capture(notebook: Notebook, item: string, how: string, text: string): Captured {
  const standing = heads(notebook.known).get(item) ?? []
  const made = version(notebook.phone, { item, content: { text }, over: how === 'new' ? [] : how === 'join' ? standing : standing.slice(0, 1), struck: how === 'strike', previous: notebook.last })
  notebook.known = merged(notebook.known, new Map([[made.hash, made.version]]))
  notebook.outbox.set(made.hash, made)
  notebook.last = made.hash
  return made
}

const which = fc.constantFrom(0 as const, 1 as const)
const step = fc.oneof(
  fc.record({ does: fc.constant('capture' as const), on: which, item: fc.integer({ min: 0, max: 3 }), how: fc.constantFrom('new', 'correct', 'strike', 'join') }),
  fc.record({ does: fc.constant('sync' as const), on: which, fate: fc.constantFrom('whole', 'call_lost', 'answer_lost', 'answer_late', 'twice', 'both_at_once'), turned: fc.boolean(), most: fc.integer({ min: 1, max: 4 }) }),
)
const items = ['01938000-0000-7000-8000-000000000000', '01938000-0000-7000-8000-000000000001', '01938000-0000-7000-8000-000000000002', '01938000-0000-7000-8000-000000000003']

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never
type Play = { both: [Notebook, Notebook]; captured: Map<string, Captured>; late: (() => void)[] }

function some({ outbox }: Notebook, most: number, turned: boolean): Captured[] {
  const all = [...outbox.values()].slice(0, most)
  return turned ? all.toReversed() : all
}

async function speak({ both, late }: Play, notebook: Notebook, { fate, turned, most }: Extract<Step, { does: 'sync' }>) {
  if (fate === 'call_lost') return
  if (fate === 'both_at_once') return void await Promise.all(both.map(async each => hear(each, await call(each, some(each, 200, turned)))))
  const sent = some(notebook, most, turned)
  const answer = await call(notebook, fate === 'twice' ? [...sent, ...sent] : sent)
  if (fate === 'twice') hear(notebook, await call(notebook, sent))
  if (fate === 'answer_late') late.push(() => hear(notebook, answer))
  if (fate === 'whole' || fate === 'twice') hear(notebook, answer)
}

async function play(id: string, steps: readonly Step[]): Promise<Play> {
  const open = async (who: 'sato' | 'lee'): Promise<Notebook> => ({ phone: await opened(who, id), known: new Map(), outbox: new Map(), after: 0, last: '' })
  const theatre: Play = { both: [await open('sato'), await open('lee')], captured: new Map(), late: [] }
  for (const [turn, one] of steps.entries()) {
    const notebook = theatre.both[one.on]
    if (one.does === 'sync') await speak(theatre, notebook, one)
    else {
      const made = capture(notebook, items[one.item] ?? '', one.how, `${turn}`)
      theatre.captured.set(made.hash, made)
    }
  }
  for (const heard of theatre.late.toReversed()) heard()
  for (const notebook of [...theatre.both, ...theatre.both]) await untilQuiet(notebook)
  return theatre
}

// The last retry: again until nothing is left to say or to hear.
async function untilQuiet(notebook: Notebook) {
  for (let more = true; more || notebook.outbox.size > 0;) {
    const answer = await call(notebook, some(notebook, 200, true))
    hear(notebook, answer)
    more = answer.more
  }
}

describe('two devices and the server, over HTTP and Postgres', () => {
  it('know the same after the last retry; each version is stored once and lands once', { timeout: 120_000 }, () => fc.assert(fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async steps => {
    const id = await caseAt('visit_planned')
    await assigned(id, 'lee')
    const { both: [first, second], captured } = await play(id, steps)
    const truth: Versions = new Map([...captured].map(([hash, { version: one }]) => [hash, one])), all = [...captured.keys()].toSorted()
    const stored = (await sql`select hash from notebook_versions where application_id = ${id}`).map(({ hash }) => String(hash)).toSorted()
    const landed = await sql`select l.hash, n.id from notebook_landings l join visit_notes n on n.id = l.note_id where l.application_id = ${id}`
    const [{ notes } = { notes: -1 }] = await sql`select count(*)::int as notes from visit_notes where application_id = ${id}`
    expect([[...first.known.keys()].toSorted(), [...second.known.keys()].toSorted(), stored]).toEqual([all, all, all])
    expect([Object.fromEntries(heads(first.known)), Object.fromEntries(heads(second.known))]).toEqual([Object.fromEntries(heads(truth)), Object.fromEntries(heads(truth))])
    expect([landed.map(({ hash }) => String(hash)).toSorted(), notes]).toEqual([all, all.length])
  }), { numRuns: 12 }))
})
