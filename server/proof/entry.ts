import { isCalendarDate, type CalendarDate } from '../domain/calendar.ts'
import { canonical, type Plain } from '../domain/dossier.ts'
import { certificateEvents, type CertificateEvent } from '../domain/standing.ts'

type Line = { v: 1; seq: number; t: string; on: CalendarDate; by: string }
/** `cert` = SHA-256(salt ‖ number), `doc` of the PDF, `vc` of the credential: hex. */
export type CertificateLine = Line & { type: CertificateEvent['event']; cert: string; reason?: string; edition?: number; doc?: string; vc?: string; from?: CalendarDate; until?: CalendarDate }
export type KeyLine = Line & { type: 'key_added' | 'key_retired' | 'key_compromised'; key: string; purpose: 'seal' | 'credential' | 'log'; since?: string }
/** An appeal or a complaint: `case` = SHA-256(salt ‖ id). Whose it is nobody learns; that it was answered, when and how, everybody. */
export type RemedyLine = Line & { type: 'appeal_filed' | 'appeal_decided' | 'complaint_filed' | 'complaint_acknowledged' | 'complaint_answered'; case: string; outcome?: 'upheld' | 'not_upheld' }
/** The file that a decision rests on was sealed: `dossier` = SHA-256 of its parts, salted. Whose it is nobody learns. */
export type DossierLine = Line & { type: 'dossier_sealed'; dossier: string }
export type Entry = CertificateLine | KeyLine | RemedyLine | DossierLine

export const isCertificateLine = (entry: Entry): entry is CertificateLine => 'cert' in entry
export const isRemedyLine = (entry: Entry): entry is RemedyLine => 'case' in entry
export const isDossierLine = (entry: Entry): entry is DossierLine => 'dossier' in entry
export const isKeyLine = (entry: Entry): entry is KeyLine => 'key' in entry

type Field = (value: unknown) => boolean
const text = (pattern: RegExp): Field => value => typeof value === 'string' && pattern.test(value)
const among = (...words: readonly unknown[]): Field => value => words.includes(value)
const count: Field = value => Number.isSafeInteger(value) && (value as number) >= 0
const day: Field = value => typeof value === 'string' && isCalendarDate(value)
const instant: Field = value => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) && !Number.isNaN(Date.parse(value))
const hash = text(/^[0-9a-f]{64}$/)

const everyLine = { v: among(1), seq: count, t: instant, on: day }
const certificateLine: Record<string, Field> = {
  ...everyLine, by: among('clock', 'decision_maker', 'operator', 'holder'), type: among(...certificateEvents), cert: hash,
}
const alsoCertificate: Record<string, Field> = { reason: text(/^[a-z_]{1,40}$/), edition: count, doc: text(/^[0-9A-Za-z]{1,64}$/), vc: hash, from: day, until: day }
const keyLine: Record<string, Field> = {
  ...everyLine, by: among('operator'), type: among('key_added', 'key_retired', 'key_compromised'), key: text(/^[\w.+:-]{1,200}$/), purpose: among('seal', 'credential', 'log'),
}

const remedyLine: Record<string, Field> = { ...everyLine, by: among('applicant', 'public', 'operator', 'decision_maker'), type: among('appeal_filed', 'complaint_filed', 'complaint_acknowledged'), case: hash }
const answerLine: Record<string, Field> = { ...remedyLine, type: among('appeal_decided', 'complaint_answered'), outcome: among('upheld', 'not_upheld') }
const dossierLine: Record<string, Field> = { ...everyLine, by: among('assessor'), type: among('dossier_sealed'), dossier: hash }
const shapes: readonly (readonly [needed: Record<string, Field>, allowed: Record<string, Field>])[] = [[certificateLine, alsoCertificate], [keyLine, { since: instant }], [remedyLine, {}], [answerLine, {}], [dossierLine, {}]]

/** undefined: not a line of this log as its own writer writes it (canonical text, known names only). */
export function readEntry(line: string): Entry | undefined {
  if (line.length > 4000) return undefined
  const value = parsed(line)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entry = value as Record<string, unknown>
  if (!shapes.some(([needed, allowed]) => fits(entry, needed, allowed))) return undefined
  return canonical(entry as Plain) === line ? entry as Entry : undefined
}

const fits = (entry: Record<string, unknown>, needed: Record<string, Field>, allowed: Record<string, Field>) =>
  Object.entries(needed).every(([name, isRight]) => isRight(entry[name]))
  && Object.entries(entry).every(([name, value]) => Object.hasOwn(needed, name) || (Object.hasOwn(allowed, name) && allowed[name]?.(value)))

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
