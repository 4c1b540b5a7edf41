import type { Person } from './person.ts'
import { expectThat, type Tell } from './telling.ts'

/** C17: the case leaves whole, with its sealed dossier, for somebody who has nothing but this file and the issuer's keys. */
export async function takeTheCase(assessor: Person, applicationId: string, tell: Tell): Promise<Uint8Array> {
  const zip = await assessor.bytes(`/applications/${applicationId}/export.zip`)
  expectThat('the case is a ZIP with something in it', zip.length > 10_000 && Buffer.from(zip.subarray(0, 2)).toString() === 'PK')
  tell(`${assessor.name} takes the whole case along: ${zip.length} bytes, signed`)
  return zip
}
