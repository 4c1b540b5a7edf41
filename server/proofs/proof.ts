import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import { publishedDid } from '../credentials/published-keys.ts'
import { japanDate } from '../domain/calendar.ts'
import type { Plain } from '../domain/dossier.ts'
import { standing, type CertificateEvent } from '../domain/standing.ts'
import { latestCheckpoint } from '../log/latest.ts'
import { hashesOf } from '../log/nodes.ts'
import { logKeyOf, publishLog } from '../log/publish.ts'
import { readCheckpoint } from '../proof/checkpoint.ts'
import { asFields, checkpointType } from '../proof/credential.ts'
import { didOf } from '../proof/did.ts'
import { parsedJson } from '../proof/jws.ts'
import { consistencySpans, hashOfSpan, inclusionSpans, subtreesOf } from '../proof/merkle.ts'
import { writeKey } from '../proof/note.ts'
import type { FileSaid, Proof } from '../proof/receipt.ts'
import { certOf } from '../proof/replay.ts'
import { signJson } from '../proof/signed-json.ts'
import type { World } from '../world.ts'
import { explained, said } from './words.ts'

type File = { edition: number; sha256: string; credentialSha256: string | null }
type Row = { number: string; salt: string; issuedOn: string; expiresOn: string; events: CertificateEvent[]; files: File[]; lines: { seq: number; line: string }[]; credential: string | null }
/** `on`: not later than today. `file`: SHA-256 in hex of a file that the asker holds. */
export type Question = { on: string; file: string | null }

/**
 * The signed answer to "what was this certificate worth on that day?" with everything that shows it: the lines of the log, their places in a
 * checkpoint, and which keys speak. What it claims comes from the register, what shows it from the log: whoever changes one of them is
 * contradicted by the other. null: no such certificate. Throws LogAltered when its newest line can be put into no checkpoint.
 */
export async function signedProof(world: World, number: string, { on, file }: Question): Promise<string | null> {
  const { database: { db }, credentialKey, publicUrl, now, signer, timeStamps } = world
  const row = await findRow(db, number)
  if (!row) return null
  const did = didOf(publicUrl), { note, ...shown } = await proved(world, row)
  const { standing: is, since, reasonClass } = standing(row, row.events, on)
  const claimed = is === 'issuing' ? null : { is, since, reasonClass: reasonClass ?? null }
  const newest = row.files.at(-1)
  if (!newest) return null
  const answer = file ? fileSaid(row.files, file) : null
  const proof: Proof = {
    type: 'akashi-proof', version: 1, says: said({ number, on, standing: claimed, file: answer, asked: japanDate(now()) }),
    number, salt: row.salt, cert: certOf(Buffer.from(row.salt, 'hex'), number), askedAt: now().toISOString(), on, standing: claimed,
    validity: { from: row.issuedOn, until: row.expiresOn }, file: answer, current: newest, ...shown,
    log: { key: writeKey(logKeyOf(world)), checkpoint: note },
    keys: { did, didSha256: sha256(await publishedDid(world)), rootSha256: sha256(signer.root), timeStampRootSha256: sha256(timeStamps.root) },
    verify: explained(`${publicUrl}/c/${number}`),
  }
  return signJson(proof as unknown as Record<string, Plain>, { kid: `${did}#${credentialKey.kid}`, sign: input => credentialKey.sign(input) })
}

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function findRow(db: Db, number: string): Promise<Row | undefined> {
  const [row] = await db.execute<Row>(sql`
    select c.number, encode(c.log_salt, 'hex') as salt, c.issued_on::text as "issuedOn", c.expires_on::text as "expiresOn",
      (select json_agg(json_build_object('event', e.event, 'on', e.happened_on, 'reasonClass', e.reason_class) order by e.happened_on, e.log_seq)
        from certificate_events e where e.certificate_id = c.id) as events,
      (select json_agg(json_build_object('edition', f.edition, 'sha256', f.sha256, 'credentialSha256', encode(sha256(convert_to(f.credential, 'UTF8')), 'hex'))
          order by f.edition, f.sealed_at)
        from certificate_files f where f.certificate_id = c.id) as files,
      (select json_agg(json_build_object('seq', l.seq, 'line', l.body) order by l.seq) from certificate_events e join log_entries l on l.seq = e.log_seq where e.certificate_id = c.id) as lines,
      (select f.credential from certificate_files f where f.certificate_id = c.id and f.credential is not null order by f.edition desc, f.sealed_at limit 1) as credential
    from certificates c where c.number = ${number} and c.state = 'issued'`)
  return row
}

function fileSaid(files: File[], sha256: string): FileSaid {
  const found = files.find(file => file.sha256 === sha256)
  if (!found) return { sha256, known: 'unknown', edition: null }
  return { sha256, known: found.edition === files.at(-1)?.edition ? 'current' : 'replaced', edition: found.edition }
}

type Shown = Pick<Proof, 'lines' | 'carried'> & { note: string }

// The lines with their paths in a checkpoint that has them all: the latest, or one that is made now.
async function proved(world: World, { lines, credential }: Row): Promise<Shown> {
  const { db } = world.database, newest = lines.at(-1)?.seq ?? 0
  const latest = await latestCheckpoint(db)
  const signed = latest && latest.size > newest ? latest : await publishLog(world)
  if (!signed || signed.size <= newest) throw new Error('a certificate without a line in the log')
  const old = credential ? carriedSize(credential) : 0
  const wanted = [...lines.map(({ seq }) => inclusionSpans(seq, signed.size)), old > 0 && old <= signed.size ? consistencySpans(old, signed.size) : []]
  const hashOf = await hashesOf(db, wanted.flat().flatMap(subtreesOf))
  const paths = wanted.map(spans => spans.map(span => Buffer.from(hashOfSpan(span, hashOf)).toString('base64')))
  return { note: signed.note, lines: lines.map(({ line }, nth) => ({ line, path: paths[nth] ?? [] })), carried: old > 0 && old <= signed.size ? { size: old, path: paths.at(-1) ?? [] } : null }
}

// The checkpoint that was the latest when the present edition was made: PDF and credential carry the same.
function carriedSize(credential: string): number {
  const says = asFields(parsedJson(Buffer.from(credential.split('.')[1] ?? '', 'base64url')))
  const note = (Array.isArray(says?.evidence) ? says.evidence : []).map(asFields).find(one => [one?.type].flat().includes(checkpointType))?.description
  return typeof note === 'string' ? readCheckpoint(note)?.size ?? 0 : 0
}
