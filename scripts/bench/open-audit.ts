import { eq } from 'drizzle-orm'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { v7 } from 'uuid'
import { memberships, people } from '../../schema/accounts.ts'
import { applications } from '../../schema/applications.ts'
import { assignments, interestDeclarations } from '../../schema/assessments.ts'
import { newId } from '../../schema/shared.ts'
import { connect, type Db } from '../../server/adapters/database.ts'
import { startEmbeddedPostgres } from '../../server/adapters/embedded-postgres.ts'
import { migrate } from '../../server/adapters/migrate.ts'
import { scopeOf } from '../../server/employers/queries.ts'
import { loadStandards } from '../../server/standard/load.ts'
import { ownInstance } from '../journey/instance.ts'
import { castOf, seed } from '../seed.ts'

/** A server of its own with one audit on its way, signed in as its assessor, with the audit on a device; gone afterwards. */
export async function openAudit() {
  const directory = await mkdtemp(path.join(tmpdir(), 'akashi-bench-'))
  const postgres = await startEmbeddedPostgres(path.join(directory, 'postgres'))
  await migrate(postgres.url)
  const database = connect(postgres.url)
  await loadStandards(database.db, new Date())
  await seed({ database, now: () => new Date() })
  const applicationId = await auditOf(database.db)
  const assessor = await personOf(database.db, castOf.sato.email)
  await database.close()
  const instance = await ownInstance({ DATABASE_URL: postgres.url, SEED: 'none', LOG_LEVEL: 'error' })
  const reply = await fetch(`${instance.url}/sign-in/as/${assessor}`, { method: 'POST', headers: { origin: instance.url, accept: 'application/json' } })
  const headers = { origin: instance.url, accept: 'application/json', cookie: String(reply.headers.getSetCookie().find(cookie => cookie.startsWith('akashi_session'))).split(';')[0] ?? '' }
  const say = async (url: string, body: unknown) => {
    const answer = await fetch(`${instance.url}${url}`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
    return await answer.json() as { filesWanted: string[]; confirmed: unknown[] }
  }
  const device = v7()
  await say('/notebook/devices', { device, name: 'bench' })
  await say(`/notebook/audits/${applicationId}`, { device })
  const watching = connect(postgres.url)
  return {
    url: instance.url, headers, device, applicationId, directory, say,
    /** As Postgres does by itself after some minutes. */
    analyse: () => watching.sql`analyze`,
    /** What came home has landed and was scanned. */
    async settled() {
      while ((await watching.sql`select from graphile_worker.jobs where task_identifier = 'settle_arrived'`).length > 0) await new Promise(resolve => setTimeout(resolve, 100))
    },
    async close() {
      await watching.close()
      await instance.stop()
      await postgres.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
export type OpenAudit = Awaited<ReturnType<typeof openAudit>>

const personOf = async (db: Db, email: string): Promise<string> => (await db.select({ id: people.id }).from(people).where(eq(people.email, email)))[0]?.id ?? ''

// Straight in the database, along the way that the lifecycle allows.
async function auditOf(db: Db): Promise<string> {
  const [employer, assessor, operator] = [await personOf(db, castOf.yamada.email), await personOf(db, castOf.sato.email), await personOf(db, castOf.suzuki.email)]
  const [member] = await db.select({ employerId: memberships.employerId }).from(memberships).where(eq(memberships.personId, employer))
  if (!member) throw new Error('the cast has no employer')
  const id = newId(), assignmentId = newId(), scope = await scopeOf(db, member.employerId), submittedAt = new Date()
  await db.insert(applications).values({ id, employerId: member.employerId, standardId: 're-0.1.0', openedBy: employer })
  for (const stage of ['submitted', 'accepted', 'desk_review', 'visit_planned'] as const) await db.update(applications).set({ stage, submittedAt, scope }).where(eq(applications.id, id))
  await db.insert(assignments).values({ id: assignmentId, applicationId: id, personId: assessor, part: 'assessor', assignedBy: operator })
  await db.insert(interestDeclarations).values({ assignmentId, applicationId: id, personId: assessor, employed: false, paid: false, advised: false, trained: false, familyTie: false, financialTie: false })
  return id
}
