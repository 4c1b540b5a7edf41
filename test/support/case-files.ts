import { createHash, randomUUID } from 'node:crypto'
import { newDocumentKey } from '../../server/adapters/documents.ts'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>
type How = { name?: string; purpose?: 'evidence' | 'photo' | 'correction'; scan?: string; bytes?: Uint8Array; type?: string }

/** Documents of a case, really stored. */
export function caseFilesOn({ world: { database: { sql }, documents: store }, idOf }: Theatre) {
  async function handIn(application: string, { name = '賃金台帳.pdf', purpose = 'evidence', scan = 'clean', bytes = Buffer.from(randomUUID()), type = 'application/pdf' }: How = {}) {
    const id = randomUUID(), key = newDocumentKey(), sha256 = createHash('sha256').update(bytes).digest('hex')
    await store.put(key, (async function* () { yield bytes })(), { type })
    await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, scan, uploaded_by)
      select ${id}, employer_id, id, ${purpose}, ${key}, ${name}, ${bytes.length}, ${sha256}, ${type}, ${scan}, ${idOf('yamada')} from applications where id = ${application}`
    return { id, key, name, sha256 }
  }
  return { handIn }
}
