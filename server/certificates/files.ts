import { sql } from 'drizzle-orm'
import { ByHash, FileOnRegister } from '../../schema/certificate-file-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { findOnRegister } from './register.ts'
import { unlessUnchanged } from './unchanged.ts'

type Row = Pick<FileOnRegister, 'number' | 'edition' | 'currentEdition' | 'replacedOn' | 'sha256' | 'size'>
type Asked = { now: Date; publicUrl: string }

/** Is the file in my hand one of yours, and what is it worth today? Only who holds the file knows what to ask for (signing.md 5). */
export function certificateFileRoutes(app: App, { database: { db }, now, publicUrl }: World) {
  const rateLimit = { max: 600, timeWindow: '1 minute' } // decisions.md 11: a ceiling against floods, the same as for numbers
  app.get('/c/files/:sha256', { config: { may: 'anyone', operation: 'certificates.file', shared: true, rateLimit }, onSend: unlessUnchanged, schema: { params: ByHash, response: { 200: FileOnRegister } } },
    async (request, reply) => {
      void reply.header('cache-control', 'public, max-age=30') // a suspension is seen within a minute
      const found = await findFile(db, request.params.sha256.toLowerCase(), { now: now(), publicUrl })
      if (!found) throw new Refused({ refused: 'not_found' })
      return found
    })
}

/** The file with this SHA-256, of whatever edition, or null. */
export async function findFile(db: Db, sha256: string, asked: Asked): Promise<FileOnRegister | null> {
  const [row] = await db.execute<Row>(sql`
    select c.number, f.edition, c.edition as "currentEdition", f.sha256, f.size::float8 as size,
      (select min(e.happened_on)::text from certificate_events e where e.certificate_id = c.id and e.event = 'reissued' and e.edition > f.edition) as "replacedOn"
    from certificate_files f join public_certificates c on c.id = f.certificate_id where f.sha256 = ${sha256}`)
  const found = row ? await findOnRegister(db, row.number, asked) : null
  if (!row || !found) return null
  const { standing, since, reasonClass, expiresOn, asOf, holder: { nameJa, nameLatin }, url } = found.certificate
  return { ...row, standing, since, reasonClass, expiresOn, asOf, holder: { nameJa, nameLatin }, url }
}
