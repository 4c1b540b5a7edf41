import { randomInt } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ownInstance, type Instance } from '../../scripts/journey/instance.ts'
import { playJourney } from '../../scripts/journey/story.ts'
import { deathsFrom, letDie } from '../support/deadly-moments.ts'
import { mortalPostgres, type MortalPostgres } from '../support/mortal-postgres.ts'

// The whole story while its Postgres is killed with -9 again and again. FAULT_SEED repeats a run.
const seed = Number(process.env.FAULT_SEED ?? randomInt(2 ** 31))
const deaths = deathsFrom(seed, 6)

let database: MortalPostgres, instance: Instance, sql: postgres.Sql
let story: Awaited<ReturnType<typeof playJourney>>
let died = 0
const seen: { live: number; ready: number; ja: string; en: string; json: unknown }[] = []

beforeAll(async () => {
  console.log(`FAULT_SEED=${seed}: ${JSON.stringify(deaths)}`)
  database = await mortalPostgres()
  instance = await ownInstance({ DATABASE_URL: database.url, LOG_LEVEL: 'error' })
  let over = false
  const playing = playJourney(instance.url, () => undefined).finally(() => { over = true })
  const dying = letDie(database, deaths, { isEnough: () => over, look: async () => void seen.push(await lookAround(instance.url)) })
  const [played, killed] = await Promise.all([playing, dying])
  story = played
  died = killed
  sql = postgres(database.url, { max: 1, onnotice() {} })
}, 300_000)
afterAll(async () => {
  await sql?.end()
  await instance?.stop()
  await database?.remove()
})

async function lookAround(url: string) {
  const ask = (path: string, accept: string, language: string) => fetch(`${url}${path}`, { headers: { accept, 'accept-language': language }, redirect: 'manual' })
  const words = async (answer: Response) => `${answer.status} ${answer.headers.get('retry-after')} ${/<html lang="(\w+)"/.exec(await answer.clone().text())?.[1]} ${/<h1[^>]*>([^<]*)/.exec(await answer.text())?.[1]?.trim()}`
  return {
    live: (await ask('/health/live', '*/*', 'ja')).status, ready: (await ask('/health/ready', '*/*', 'ja')).status,
    ja: await words(await ask('/', 'text/html', 'ja')), en: await words(await ask('/', 'text/html', 'en')),
    json: await (await ask('/', 'application/json', 'en')).json(),
  }
}

it('dies at least three times before the story is over', () => expect(died).toBeGreaterThanOrEqual(3))

it('leaves the server alive, which says so in the reader’s language and to programs', () => {
  expect(instance.isRunning()).toBe(true)
  expect(seen).toEqual(seen.map(() => ({
    live: 200, ready: 503, ja: '503 5 ja いま、一時的に利用できません', en: '503 5 en The service is unavailable for a moment',
    json: { type: '/problems#database_unavailable', title: 'The service is unavailable for a moment', status: 503, code: 'database_unavailable' },
  })))
})

it('recovers by itself, the jobs too', { timeout: 40_000 }, () => expect.poll(async () => (await fetch(`${instance.url}/health/ready`)).status, { timeout: 30_000, interval: 500 }).toBe(200))

it('ends with one certificate, one decision, one file', async () => {
  expect(await sql`select c.number, c.state, f.sha256 from certificates c join certificate_files f on f.certificate_id = c.id`).toEqual([{ number: story.number, state: 'issued', sha256: story.sha256 }])
  expect(await sql`select event from certificate_events`).toEqual([{ event: 'issued' }])
  expect(await sql`select outcome from decisions`).toEqual([{ outcome: 'certify' }])
})

it('has a journal row for each change of stage, and one only', async () => {
  const steps = await sql<{ operation: string; was: string; is: string }[]>`
    select operation, before->>'stage' as was, after->>'stage' as is from journal where operation like 'applications.%' and after ? 'stage' order by id`
  expect(steps.map(({ operation, was, is }) => `${was} ${operation.slice('applications.'.length)} ${is}`)).toEqual([
    'draft submit submitted', 'submitted accept accepted', 'accepted begin_review desk_review', 'desk_review ask clarifying', 'clarifying answer desk_review',
    'desk_review plan_visit visit_planned', 'visit_planned close_visit correcting', 'correcting recommend awaiting_decision', 'awaiting_decision certify certified',
  ])
  expect(await sql`select stage from applications`).toEqual([{ stage: 'certified' }])
})

// table, its rows, and the operation that journals each of them once
const written = [
  ['answers', 60, 'answers.save'], ['ratings', 60, 'assessments.rate'], ['document_criteria', 53, 'evidence.attach'], ['visits', 1, 'visits.plan'], ['visit_notes', 2, 'visits.note'],
  ['interviews', 7, 'interviews.keep'], ['findings', 2, 'findings.raise'], ['finding_responses', 3, 'findings.respond'], ['finding_reviews', 3, 'findings.review'],
  ['recommendations', 1, 'recommendations.write'], ['decisions', 1, 'decisions.decide'], ['agreement_signatures', 2, 'agreements.sign'], ['clarifications', 1, 'clarifications.draft'],
] as const

it.each(written)('has written %s once each (%i), with their journal (%s)', async (table, rows, operation) => {
  const [counted] = await sql<{ rows: number; journalled: number }[]>`
    select (select count(*)::int from ${sql(table)}) as rows, (select count(*)::int from journal where operation = ${operation}) as journalled`
  expect(counted).toEqual({ rows, journalled: rows })
})

it('has no document without its place, and no form half taken', async () => {
  expect(await sql`select purpose, count(*)::int as count from documents group by purpose order by purpose`).toEqual([
    { purpose: 'correction', count: 1 }, { purpose: 'evidence', count: 4 }, { purpose: 'photo', count: 1 },
  ])
  expect(await sql`select d.id from documents d where not exists (select from document_criteria c where c.document_id = d.id)
    and not exists (select from document_findings f where f.document_id = d.id) and not exists (select from visit_notes n where n.photo_id = d.id)`).toEqual([])
  expect(await sql`select once from submissions where outcome is null`).toEqual([])
  expect(await sql`select unique_key from mails group by unique_key having count(*) > 1`).toEqual([])
})
