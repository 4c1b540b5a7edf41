import path from 'node:path'
import { connect, within } from '../../server/adapters/database.ts'
import { orderReissue } from '../../server/reissues/order.ts'
import { ownInstance } from '../journey/instance.ts'
import { registerDatabase } from './register-database.ts'
import type { Measured } from './row.ts'

const certificates = 10_000

/** All of a register issued again by the server's own job runner, which is killed once in the middle. */
export async function reissuing(tell: (line: string) => void): Promise<Measured[]> {
  const { sql, today, ...database } = await registerDatabase(certificates)
  const done = async () => Number((await sql`select count(*)::int as files from certificate_files where reissue_id is not null`)[0]?.files)
  const env = { DATA_DIR: path.join(database.directory, 'data'), DATABASE_URL: database.url, SEED: 'none', LOG_LEVEL: 'warn', SIGNER_PER_MINUTE: '100000' }
  let server = await ownInstance(env)
  try {
    const begun = performance.now()
    const own = connect(database.url)
    await within(own.db, tx => orderReissue(tx, { reason: 'bench', today }, { personId: null, role: 'operator' }))
    await own.close()
    await until(async () => await done() > certificates / 2, tell, done)
    await server.stop()
    const atStop = await done()
    server = await ownInstance(env)
    tell(`stopped at ${atStop} and started again`)
    await until(async () => await done() >= certificates, tell, done)
    const seconds = (performance.now() - begun) / 1000
    const [{ editions } = { editions: 0 }] = await sql`select count(*)::int as editions from certificate_files where edition = 2`
    if (editions !== certificates) throw new Error(`${editions} second editions of ${certificates} certificates`)
    return [{ name: `${certificates.toLocaleString('en')} certificates issued again by one job, stopped and started again half-way: PDF, credential, log line, stored`, value: certificates / seconds, unit: 'certificates/s', reference: null, bar: null }]
  } finally {
    await server.stop()
    await database.close()
  }
}

async function until(holds: () => Promise<boolean>, tell: (line: string) => void, done: () => Promise<number>) {
  for (let second = 0; !await holds(); second += 1) {
    if (second % 30 === 29) tell(`${await done()} of ${certificates}`)
    await new Promise(resolve => setTimeout(resolve, 1000))
  }
}
