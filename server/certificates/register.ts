import { sql } from 'drizzle-orm'
import { reasonClasses, type PublicCertificate } from '../../schema/certificate-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { onThatDay } from '../domain/on-that-day.ts'
import { standing, type CertificateEvent, type Standing } from '../domain/standing.ts'
import type { CertificateStatement, SectionResult } from '../domain/statement.ts'
import { nextSurveillance } from '../domain/surveillance.ts'
import { standardById, type Standard } from '../standard/queries.ts'
import { heldDays } from '../surveillance/held.ts'
import { openFindingsAt } from './open-findings.ts'

type Row = {
  number: string; edition: number; statement: CertificateStatement; issuedOn: string; expiresOn: string; sha256: string; size: number; keyId: string; documentKey: string; standardId: string; held: string[]
  events: (CertificateEvent & { edition: number | null })[]; otherCycles: string[]
  editions: (Omit<PublicCertificate['editions'][number], 'sealedAt'> & { sealedAt: string })[]; openFindings: PublicCertificate['openFindings']
}
type Asked = { now: Date; publicUrl: string; on?: string | null } // on: a day up to today
type Found = { certificate: PublicCertificate; documentKey: string }

/** One certificate as everybody may see it today, or null. One statement, over the public view, the dated events and counts of findings only. */
export async function findOnRegister(db: Db, number: string, { now, publicUrl, on }: Asked): Promise<Found | null> {
  const [row] = await db.execute<Row>(sql`
    select c.number, c.edition, c.statement, c.issued_on::text as "issuedOn", c.expires_on::text as "expiresOn", c.sha256, c.size::float8 as size, c.key_id as "keyId", c.document_key as "documentKey",
      a.standard_id as "standardId", ${heldDays(sql`c.id`)} as held,
      (select coalesce(json_agg(json_build_object('event', e.event, 'on', e.happened_on, 'reasonClass', e.reason_class, 'edition', e.edition) order by e.happened_on, e.log_seq), '[]')
        from certificate_events e where e.certificate_id = c.id) as events,
      (select json_agg(json_build_object('edition', f.edition, 'level', f.level, 'sha256', f.sha256, 'size', f.size, 'sealedAt', f.sealed_at, 'keyId', f.key_id) order by f.edition desc, f.sealed_at desc)
        from certificate_files f where f.certificate_id = c.id) as editions,
      (select coalesce(json_agg(o.number order by o.issued_on), '[]') from certificates o where (o.year, o.serial) = (own.year, own.serial) and o.id <> c.id and o.state = 'issued') as "otherCycles",
      json_build_object('atDecision', ${openFindingsAt(sql`a.id`, sql`d.decided_at`)}, 'now', ${openFindingsAt(sql`a.id`, sql`${now.toISOString()}::timestamptz`)}) as "openFindings"
    from public_certificates c join certificates own on own.id = c.id join applications a on a.id = own.application_id join decisions d on d.application_id = a.id and d.outcome = 'certify'
    where c.number = ${number}`)
  if (!row) return null
  const { documentKey, standardId, ...rest } = row
  return { certificate: publicRecord(rest, await standardById(db, standardId), { today: japanDate(now), publicUrl, on: on ?? null }), documentKey }
}

/** Those of these numbers that were really issued, with their holders. */
export async function onRegister(db: Db, numbers: readonly string[]): Promise<{ number: string; holderJa: string; holderLatin: string }[]> {
  if (numbers.length === 0) return []
  const rows = await db.execute<{ number: string; holderJa: string; holderLatin: string }>(sql`
    select number, statement->'holder'->>'nameJa' as "holderJa", statement->'holder'->>'nameLatin' as "holderLatin" from public_certificates
    where number in (${sql.join(numbers.map(number => sql`${number}`), sql`, `)}) order by number limit 5`)
  return [...rows]
}

type Day = { today: string; publicUrl: string; on: string | null }

function publicRecord({ statement, events, held, ...row }: Omit<Row, 'documentKey' | 'standardId'>, { content }: Standard, { today, publicUrl, on }: Day): PublicCertificate {
  const { standing: word, since, reasonClass } = standing(row, events, today)
  const past = events.filter(event => event.on <= today).map(event => ({ ...event, reasonClass: inGeneral(event.reasonClass) }))
  const history = word === 'expired' ? [...past, { event: 'expired' as const, on: since, reasonClass: null, edition: null }] : past
  const url = `${publicUrl}/c/${row.number}`
  const term = { decidedOn: statement.decidedOn, expiresOn: row.expiresOn, clock: content.grading.surveillance }
  return {
    ...statement, ...row, standing: word, since, reasonClass: inGeneral(reasonClass), asOf: today, results: summed(statement.scorecard),
    surveillance: isOver(word) ? null : nextSurveillance(term, { held, today }),
    history: history.toReversed(), onThatDay: on === null ? null : dayOf(row, events, { on, today }),
    editions: row.editions.map(edition => ({ ...edition, sealedAt: new Date(edition.sealedAt) })), keyFingerprint: inGroups(row.keyId), url, pdfUrl: `${url}/certificate.pdf`,
  }
}

function dayOf(row: Pick<Row, 'issuedOn' | 'expiresOn'>, events: Row['events'], day: { on: string; today: string }): PublicCertificate['onThatDay'] {
  const then = onThatDay(row, events, day)
  return { ...then, reasonClass: inGeneral(then.reasonClass), edition: events.findLast(event => event.edition !== null && event.on <= day.on)?.edition ?? null }
}

const isOver = (word: Standing) => ['withdrawn', 'expired', 'transferred', 'surrendered', 'replaced'].includes(word)

const summed = (scorecard: CertificateStatement['scorecard']): PublicCertificate['results'] => {
  const count = (wanted: SectionResult) => scorecard.filter(({ result }) => result === wanted).length
  return { all: scorecard.length, conforms: count('conforms'), minor: count('minor_open'), none: count('not_applicable') }
}

const inGeneral = (reason: string | null | undefined) => (reason ? reasonClasses.find(known => known === reason) ?? 'other' : null)

/** Four by four, as people compare it. */
const inGroups = (hex: string) => hex.replace(/.{4}(?=.)/g, '$& ')
