import { sql } from 'drizzle-orm'
import { reasonClasses, type PublicCertificate } from '../../schema/certificate-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { standing, type CertificateEvent } from '../domain/standing.ts'
import type { CertificateStatement, SectionResult } from '../domain/statement.ts'

type Row = {
  number: string; edition: number; statement: CertificateStatement; issuedOn: string; expiresOn: string; sha256: string; size: number; keyId: string; documentKey: string
  events: CertificateEvent[]; otherCycles: string[]
}
type Found = { certificate: PublicCertificate; documentKey: string }

/** One certificate as everybody may see it today, or null. One statement, over the public view and the dated events only. */
export async function findOnRegister(db: Db, number: string, { now, publicUrl }: { now: Date; publicUrl: string }): Promise<Found | null> {
  const [row] = await db.execute<Row>(sql`
    select c.number, c.edition, c.statement, c.issued_on::text as "issuedOn", c.expires_on::text as "expiresOn", c.sha256, c.size::float8 as size, c.key_id as "keyId", c.document_key as "documentKey",
      (select coalesce(json_agg(json_build_object('event', e.event, 'on', e.happened_on, 'reasonClass', e.reason_class) order by e.happened_on, e.log_seq), '[]')
        from certificate_events e where e.certificate_id = c.id) as events,
      (select coalesce(json_agg(o.number order by o.issued_on), '[]') from public_certificates o where left(o.number, 18) = left(c.number, 18) and o.number <> c.number) as "otherCycles"
    from public_certificates c where c.number = ${number}`)
  return row ? { certificate: publicRecord(row, japanDate(now), publicUrl), documentKey: row.documentKey } : null
}

/** Those of these numbers that were really issued, with their holders. */
export async function onRegister(db: Db, numbers: readonly string[]): Promise<{ number: string; holderJa: string; holderLatin: string }[]> {
  if (numbers.length === 0) return []
  const rows = await db.execute<{ number: string; holderJa: string; holderLatin: string }>(sql`
    select number, statement->'holder'->>'nameJa' as "holderJa", statement->'holder'->>'nameLatin' as "holderLatin" from public_certificates
    where number in (${sql.join(numbers.map(number => sql`${number}`), sql`, `)}) order by number limit 5`)
  return [...rows]
}

function publicRecord({ statement, events, otherCycles, sha256, size, keyId, ...row }: Row, today: string, publicUrl: string): PublicCertificate {
  const { standing: word, since, reasonClass } = standing(row, events, today)
  const past = events.filter(({ on }) => on <= today).map(({ event, on, reasonClass }) => ({ event: event as PublicCertificate['history'][number]['event'], on, reasonClass: inGeneral(reasonClass) }))
  const history = word === 'expired' ? [...past, { event: 'expired' as const, on: since, reasonClass: null }] : past
  const url = `${publicUrl}/c/${row.number}`
  return {
    ...statement, number: row.number, edition: row.edition, issuedOn: row.issuedOn, expiresOn: row.expiresOn, standing: word, since, reasonClass: inGeneral(reasonClass), asOf: today,
    results: summed(statement.scorecard), history: history.toReversed(), otherCycles, sha256, size, keyId, url, pdfUrl: `${url}/certificate.pdf`,
  }
}

const summed = (scorecard: CertificateStatement['scorecard']): PublicCertificate['results'] => {
  const count = (wanted: SectionResult) => scorecard.filter(({ result }) => result === wanted).length
  return { all: scorecard.length, conforms: count('conforms'), minor: count('minor_open'), none: count('not_applicable') }
}

const inGeneral = (reason: string | null | undefined) => (reason ? reasonClasses.find(known => known === reason) ?? 'other' : null)
