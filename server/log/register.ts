import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import { standing, type CertificateEvent } from '../domain/standing.ts'

type Event = CertificateEvent & { reasonClass: string | null; edition: number | null; sha256: string | null; credentialSha256: string | null; seq: number; leaf: string }
type Row = { number: string; salt: string; issuedOn: string; expiresOn: string; files: { edition: number; sha256: string; credentialSha256: string | null }[]; events: Event[] }
/** One certificate as the register has it on the day `asOf`. `leaf`: the hash of the line as it stands in Postgres. */
export type Registered = Row & { asOf: string; standing: string; since: string; reasonClass: string | null }

const atOnce = 500

/** What the register says of every certificate, a line of JSON each: with the salts, so that whoever replays the log can compare. */
export async function* registerLines(db: Db, today: string): AsyncGenerator<string> {
  for (let last = ''; ;) {
    const rows = await db.execute<Row>(sql`
      select c.number, encode(c.log_salt, 'hex') as salt, c.issued_on::text as "issuedOn", c.expires_on::text as "expiresOn",
        (select coalesce(json_agg(json_build_object('edition', f.edition, 'sha256', f.sha256, 'credentialSha256', encode(sha256(convert_to(f.credential, 'UTF8')), 'hex'))
            order by f.edition, f.sealed_at), '[]')
          from certificate_files f where f.certificate_id = c.id) as files,
        (select coalesce(json_agg(json_build_object('event', e.event, 'on', e.happened_on, 'reasonClass', e.reason_class, 'edition', e.edition, 'sha256', e.sha256,
            'credentialSha256', e.credential_sha256, 'seq', e.log_seq, 'leaf', encode(sha256('\\x00'::bytea || convert_to(l.body, 'UTF8')), 'hex')) order by e.happened_on, e.log_seq), '[]')
          from certificate_events e left join log_entries l on l.seq = e.log_seq where e.certificate_id = c.id) as events
      from certificates c where c.state = 'issued' and c.number > ${last} order by c.number limit ${atOnce}`)
    for (const row of rows) yield `${JSON.stringify(registered(row, today))}\n`
    last = rows.at(-1)?.number ?? ''
    if (rows.length < atOnce) return
  }
}

function registered(row: Row, today: string): Registered {
  const { standing: word, since, reasonClass } = standing(row, row.events, today)
  const { number, salt, issuedOn, expiresOn, files, events } = row
  return { number, salt, issuedOn, expiresOn, asOf: today, standing: word, since, reasonClass: reasonClass ?? null, files, events }
}
