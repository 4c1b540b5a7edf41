import { randomUUID } from 'node:crypto'
import type postgres from 'postgres'
import { makeNumber } from '../../server/domain/certificate-number.ts'
import type { CertificateStatement } from '../../server/domain/statement.ts'

const chunk = 5000

/**
 * Fills a database of our own with `count` issued certificates, each with its file, its event and its line of the log. What leads to a
 * certificate (applications, decisions) is left out, so the guards of those tables rest meanwhile; the log's do not.
 */
export async function fillRegister(sql: postgres.Sql, count: number, statement: CertificateStatement, { fromSerial = 1 } = {}): Promise<string[]> {
  const numbers = Array.from({ length: count }, (_, index) => makeNumber({ year: 2026, serial: fromSerial + index, cycle: 1 }))
  const [employer, person] = [randomUUID(), randomUUID()]
  await sql`insert into employers (id, name_ja) values (${employer}, '計測')`
  await sql`insert into people (id, email) values (${person}, ${`${person}@bench.invalid`})`
  const resting = ['applications', 'decisions', 'certificates']
  for (const table of resting) await sql.unsafe(`alter table ${table} disable trigger user`)
  for (let at = 0; at < count; at += chunk) await fillSome(sql, numbers.slice(at, at + chunk), fromSerial - 1 + at, { employer, person, statement })
  for (const table of resting) await sql.unsafe(`do $$ declare t record; begin for t in select tgname from pg_trigger where tgrelid = '${table}'::regclass and not tgisinternal loop execute format('alter table ${table} enable always trigger %I', t.tgname); end loop; end $$`)
  await sql`analyze`
  return numbers
}

async function fillSome(sql: postgres.Sql, numbers: string[], from: number, { employer, person, statement }: { employer: string; person: string; statement: CertificateStatement }) {
  await sql.begin(async tx => {
    await tx`create temporary table filling on commit drop as
      select gen_random_uuid() as id, gen_random_uuid() as application, number, (${from} + n)::int as serial, encode(sha256(convert_to(number, 'UTF8')), 'hex') as sha256,
        ${JSON.stringify(statement)}::text::jsonb || jsonb_build_object('number', number, 'edition', 1) as statement
      from unnest(${numbers}::text[]) with ordinality as given(number, n)`
    await tx`insert into applications (id, employer_id, standard_id, stage, opened_by, submitted_at, scope) select application, ${employer}, 're-0.1.0', 'certified', ${person}, now(), '{}' from filling`
    await tx`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) select gen_random_uuid(), application, 'certify', 'bench', '', ${person} from filling`
    await tx`insert into certificates (id, number, application_id, employer_id, year, serial, cycle, state, statement, issued_on, expires_on, status_index)
      select id, number, application, ${employer}, 2026, serial, 1, 'issued', statement, ${statement.issuedOn}, ${statement.expiresOn}, serial from filling`
    await tx`insert into certificate_files (id, certificate_id, edition, level, statement, sha256, size, document_key, key_id, sealed_at)
      select gen_random_uuid(), id, 1, 'B-T', statement, sha256, 200000, left(sha256, 28), repeat('0', 64), now() from filling`
    await tx`insert into certificate_events (id, certificate_id, event, happened_on, edition, sha256, actor) select gen_random_uuid(), id, 'issued', ${statement.issuedOn}, 1, sha256, 'clock' from filling order by serial`
  })
}
