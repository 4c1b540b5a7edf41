import type { CredentialKey } from '../adapters/keys.ts'
import type { CertificateStatement } from '../domain/statement.ts'
import { inputFor, keyMark, version } from '../proof/offline-code.ts'

type Told = Pick<CertificateStatement, 'number' | 'expiresOn'> & { holder: { nameJa: string }; scope: Pick<CertificateStatement['scope'], 'industryJa' | 'workersBand' | 'foreignWorkersBand'> }

const room_characters = 330 // a QR code of version 13 at level M, which a telephone still reads from paper at 23 mm
const least_bytes = { holder: 30, scope: 24 }

/** The text of the second code (server/proof/offline-code.ts says how it is made). Names that are too long end with …: the number leads to them in full. */
export async function offlineCode(statement: Told, { publicUrl, credentialKey }: { publicUrl: string; credentialKey: CredentialKey }): Promise<string> {
  const address = `${publicUrl}/o#`
  const { number, expiresOn } = statement
  const room = Math.floor((room_characters - address.length) * 3 / 4) - 64 - 5 - size(`${number}\n\n\n${expiresOn}`)
  const all = scopeOf(statement)
  const holder = shortened(statement.holder.nameJa, Math.max(least_bytes.holder, room - Math.min(size(all), Math.max(least_bytes.scope, room / 2))))
  const scope = shortened(all, Math.max(least_bytes.scope, room - size(holder)))
  const payload = Buffer.concat([Buffer.of(version), keyMark(credentialKey.kid), Buffer.from([number, holder, scope, expiresOn].join('\n'))])
  return address + Buffer.concat([payload, await credentialKey.sign(inputFor(payload))]).toString('base64url')
}

const scopeOf = ({ scope: { industryJa, workersBand, foreignWorkersBand } }: Told) => `${industryJa} ${workersBand}人（外国人${foreignWorkersBand}人）`
const size = (text: string) => Buffer.byteLength(text)
const characters = new Intl.Segmenter('ja', { granularity: 'grapheme' }) // 葛󠄀 stays one character

function shortened(text: string, room: number): string {
  const line = text.replace(/\s+/g, ' ')
  if (size(line) <= room) return line
  let kept = ''
  for (const { segment } of characters.segment(line)) {
    if (size(kept + segment) + size('…') > room) break
    kept += segment
  }
  return `${kept}…`
}
