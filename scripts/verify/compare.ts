import { standing as standingOn, type CertificateEvent } from '../../server/domain/standing.ts'
import { isCertificateLine, type CertificateLine } from '../../server/proof/entry.ts'
import { leafHash } from '../../server/proof/merkle.ts'
import { byCertificate, certOf, historyOf } from '../../server/proof/replay.ts'
import { linesAt, Unreachable } from './fetch.ts'
import { failed, open, passed, type Finding, type Params } from './finding.ts'
import type { Mirror } from './mirror.ts'

type Told = CertificateEvent & { edition: number | null; sha256: string | null; credentialSha256: string | null; seq: number; leaf: string }
type Registered = {
  number: string; salt: string; issuedOn: string; expiresOn: string; asOf: string; standing: string; since: string; reasonClass: string | null
  files: { edition: number; sha256: string; credentialSha256: string | null }[]; events: Told[]
}
export type Compared = { finding: Finding; differences: Finding[]; numberOf: (sha256: string) => string | undefined }

const longestLine = 4_000_000

/** Replays the log and holds it against what the register says today: every certificate, event and line that differs is named. */
export async function compareRegister(url: string, mirror: Mirror): Promise<Compared> {
  const byCert = byCertificate(mirror.entries.filter(isCertificateLine)), differences: Finding[] = [], numbers = new Map<string, string>()
  let count = 0
  const numberOf = (sha256: string) => numbers.get(sha256)
  try {
    for await (const line of linesAt(`${url}/log/register.ndjson`, longestLine)) {
      const record = parsed(line)
      if (!record) throw new Unreachable('a line of the register cannot be read')
      count += 1
      const cert = certOf(Buffer.from(record.salt, 'hex'), record.number)
      for (const { sha256 } of record.files) numbers.set(sha256, record.number)
      differences.push(...differencesOf(record, cert, byCert.get(cert) ?? [], mirror))
      byCert.delete(cert)
    }
  } catch (error) {
    if (error instanceof Unreachable) return { finding: open('register', { why: error.message }), differences, numberOf }
    throw error
  }
  for (const lines of byCert.values()) differences.push(...lines.map(line => differs(`${line.cert.slice(0, 16)}…`, line, 'hidden')))
  return { finding: differences.length === 0 ? passed('register', { count }) : failed('register', { count: differences.length }), differences, numberOf }
}

type Place = { type: string; on: string; seq: number }
const differs = (number: string, { type, on, seq }: Place, how: string, params: Params = {}) => failed('difference', { number, event: type, on, seq, ...params }, how)

function differencesOf(record: Registered, cert: string, lines: CertificateLine[], mirror: Mirror): Finding[] {
  const { number } = record, published = record.events.filter(({ seq }) => seq < mirror.checkpoint.size) // younger ones wait for the next checkpoint
  const known = new Set(published.map(({ seq }) => seq))
  const named = [
    ...published.flatMap(event => eventDifferences(number, event, cert, mirror)),
    ...lines.filter(({ seq }) => !known.has(seq)).map(line => differs(number, line, 'unregistered')),
    ...datesAndFiles(record, lines),
  ]
  return named.length > 0 || published.length < record.events.length ? named : standingDifference(record, lines)
}

function eventDifferences(number: string, event: Told, cert: string, { entries, lines }: Mirror): Finding[] {
  const line = entries[event.seq]
  if (!line || !isCertificateLine(line) || line.cert !== cert) return [differs(number, { type: event.event, on: event.on, seq: event.seq }, 'unlogged')]
  const said: [field: string, register: string | number | null, log: string | number | undefined][] = [
    ['event', event.event, line.type], ['date', event.on, line.on], ['reason', event.reasonClass ?? null, line.reason],
    ['edition', event.edition, line.edition], ['file', event.sha256, line.doc], ['credential', event.credentialSha256, line.vc],
  ]
  const wrong = said.filter(([, register, log]) => (register ?? null) !== (log ?? null))
  const isEdited = event.leaf !== Buffer.from(leafHash(lines[event.seq] ?? '')).toString('hex')
  return [...wrong.map(([field, register, log]) => differs(number, line, 'field', { field, register: register ?? '-', log: log ?? '-' })), ...isEdited ? [differs(number, line, 'line')] : []]
}

function datesAndFiles({ number, issuedOn, expiresOn, files }: Registered, lines: CertificateLine[]): Finding[] {
  const issued = lines.find(({ type }) => type === 'issued')
  if (!issued) return []
  const { from = '-', until = '-' } = issued
  const untold = files.filter(({ sha256 }) => !lines.some(({ doc }) => doc === sha256)).map(({ sha256 }) => failed('difference', { number, sha256 }, 'file'))
  return from === issuedOn && until === expiresOn ? untold : [differs(number, issued, 'dates', { from: issuedOn, until: expiresOn, logFrom: from, logUntil: until }), ...untold]
}

function standingDifference({ number, asOf, standing, since, reasonClass }: Registered, lines: CertificateLine[]): Finding[] {
  const history = historyOf(lines)
  if (!history) return lines.length === 0 ? [] : [failed('difference', { number }, 'unissued')]
  const replayed = standingOn(history.validity, history.events, asOf)
  if (replayed.standing === standing && replayed.since === since && (replayed.reasonClass ?? null) === reasonClass) return []
  return [failed('difference', { number, standing, since, replayed: replayed.standing, replayedSince: replayed.since }, 'standing')]
}

function parsed(line: string): Registered | undefined {
  try {
    const record = JSON.parse(line) as Registered
    return typeof record.number === 'string' && typeof record.salt === 'string' && Array.isArray(record.events) && Array.isArray(record.files) ? record : undefined
  } catch {
    return undefined
  }
}
