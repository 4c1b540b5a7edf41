import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, inject } from 'vitest'
import { until } from './held-tables.ts'
import { killableServer } from './killable-server.ts'
import { databaseAt } from './postgres.ts'
import { sealedFilesOn } from './sealed-files.ts'
import { authorityOver, stampedBy, stampingKeys } from './time-stamp-authority.ts'
import { stage } from './world.ts'

/**
 * A stage whose jobs are done by the real processes: server, job runner and signer on the stage's database, documents on disk, and a
 * time-stamp authority over HTTP. Cases are arranged, decided and looked at in the test's own process.
 */
export async function issuingTheatre() {
  const theatre = await stage()
  const { as, clock, world: { database: { sql } } } = theatre
  clock.now = new Date()
  const { awaiting, decisionOn, employerOf } = sealedFilesOn(theatre)
  const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-faults-'))
  const keys = await stampingKeys()
  const truth = stampedBy(keys.good)
  const authority = await authorityOver(truth)
  writeFileSync(path.join(dataDir, 'tsa.pem'), pem(keys.root))
  const [row] = await sql`select current_database() as name`
  const server = await killableServer({
    TRUST_PROXY: 'true', DATA_DIR: dataDir, DATABASE_URL: databaseAt(inject('databaseUrl'), String(row?.name)), TSA_URL: authority.url, TSA_CHAIN_FILE: path.join(dataDir, 'tsa.pem'),
  })
  afterAll(async () => {
    await server.stop()
    await authority.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await server.start()

  /** Decides in the test's process; the job is the real runner's. */
  async function certify(id: string): Promise<string> {
    const { body, status } = await as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id))
    if (status !== 201) throw new Error(`not certified: ${JSON.stringify(body)}`)
    return body.certificateNumber
  }
  const stateOf = async (number: string) => (await sql`select state from certificates where number = ${number}`)[0]?.state as string | undefined
  const hurry = () => sql`update graphile_worker._private_jobs set run_at = now() where locked_at is null and run_at > now() and attempts < max_attempts`

  /** Everything queued is done, and the certificates are out. What failed need not wait its time. */
  async function settled(...numbers: string[]) {
    await until(`${numbers.join(', ')} to be issued and every job to be done`, async () => {
      await hurry()
      const [left] = await sql`select count(*)::int as jobs from graphile_worker.jobs where key is not null`
      return left?.jobs === 0 && (await Promise.all(numbers.map(stateOf))).every(state => state === 'issued')
    })
  }
  const jobTaken = () => until('the job to be taken', async () => (await sql`select 1 from graphile_worker.jobs where task_identifier = 'issue_certificate' and locked_at is not null`).length > 0)

  return { ...theatre, sql, awaiting, decisionOn, employerOf, certify, stateOf, settled, hurry, jobTaken, server, authority, keys, truth, documentsDir: path.join(dataDir, 'documents') }
}

const pem = (der: Uint8Array) => `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
