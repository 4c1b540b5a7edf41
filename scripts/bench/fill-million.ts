import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type postgres from 'postgres'
import { makeNumber } from '../../server/domain/certificate-number.ts'
import { industries } from '../../server/domain/industries.ts'
import { prefectures } from '../../server/domain/prefectures.ts'
import { foldedNames } from './folded-names.ts'
import { benchStatement } from './statement.ts'

// Names as the trade directories have them: a family or a place, a trade, a legal form. Some words stand in every fifth name, some in one of thousands.
const firsts = [['山田', 'ヤマダ', 'Yamada'], ['佐藤', 'サトウ', 'Sato'], ['髙橋', 'タカハシ', 'Takahashi'], ['三河', 'ミカワ', 'Mikawa'], ['遠州', 'エンシュウ', 'Enshu'], ['北陸', 'ホクリク', 'Hokuriku'], ['東海', 'トウカイ', 'Tokai'], ['大和', 'ヤマト', 'Yamato'], ['鈴木', 'スズキ', 'Suzuki'], ['渡邉', 'ワタナベ', 'Watanabe'], ['葛城', 'カツラギ', 'Katsuragi'], ['明石', 'アカシ', 'Akashi']] as const
const trades = [['製作所', 'セイサクショ', 'Works'], ['工業', 'コウギョウ', 'Industries'], ['プレス', 'プレス', 'Press'], ['鋳造', 'チュウゾウ', 'Foundry'], ['縫製', 'ホウセイ', 'Sewing'], ['食品', 'ショクヒン', 'Foods'], ['建設', 'ケンセツ', 'Construction'], ['精機', 'セイキ', 'Precision']] as const
const rare = '亜伊宇江尾香紀久慶湖沙志寿瀬祖多千津照富奈仁布寧野波飛風辺保真美夢芽茂也湯世羅里留玲呂和'

export type Named = { number: string; serial: number; ja: string; kana: string; latin: string; prefecture: string; industry: string; corporate: string }

function named(nth: number): Named {
  const [first, trade] = [firsts[nth % firsts.length] ?? firsts[0], trades[Math.floor(nth / 7) % trades.length] ?? trades[0]]
  const own = `${rare[nth % rare.length]}${rare[Math.floor(nth / rare.length) % rare.length]}`
  return {
    number: makeNumber({ year: 2020 + Math.floor(nth / 900_000), serial: (nth % 900_000) + 1, cycle: 1 }), serial: (nth % 900_000) + 1, ja: `${nth % 2 ? '株式会社' : ''}${first[0]}${own}${trade[0]}${nth % 2 ? '' : '㈱'}`, kana: `${first[1]}${trade[1]}${nth % 997}`, latin: `${first[2]} ${trade[2]} ${nth} Co., Ltd.`,
    prefecture: prefectures[nth % 47]?.value ?? '', industry: industries[nth % industries.length]?.value ?? '', corporate: String(1_000_000_000_000 + nth),
  }
}

const { scorecard, ...rest } = benchStatement
const small = JSON.stringify({ ...rest, scorecard: scorecard.slice(0, 2) })
const resting = ['applications', 'decisions', 'certificates', 'certificate_files', 'certificate_events', 'register_entries', 'register_totals']

/**
 * Fills a database of our own with issued certificates by COPY: a list of names first, everything else from it. What leads to a certificate
 * and the public log are left out, so their guards rest for good in this database; indexes of the register are built afterwards, as after a restore.
 * What the register's columns are generated from is folded here, since Postgres takes a millisecond a row for it; a thousand rows are compared.
 */
export async function fillMillion(sql: postgres.Sql, count: number, { issuedOn, expiresOn }: { issuedOn: string; expiresOn: string }): Promise<{ at(nth: number): Named; seconds: number }> {
  const begun = performance.now()
  const [employer, person] = [randomUUID(), randomUUID()]
  await sql`insert into employers (id, name_ja) values (${employer}, '計測')`
  await sql`insert into people (id, email) values (${person}, ${`${person}@bench.invalid`})`
  for (const table of resting) await sql.unsafe(`alter table ${table} disable trigger user`)
  await sql.unsafe('alter table certificate_events drop constraint certificate_events_log_seq_log_entries_seq_fk')
  const indexes = await sql<{ name: string; made: string }[]>`select indexname as name, indexdef as made from pg_indexes where tablename = 'register_entries' and indexname <> 'register_entries_pkey'`
  for (const { name } of indexes) await sql.unsafe(`drop index ${name}`)
  await sql.unsafe('set session_replication_role = replica') // foreign keys rest too: everything comes from one table
  await sql.unsafe('create unlogged table filling (number text, serial int, ja text, kana text, latin text, prefecture text, industry text, corporate text, searched text, grams text[], sort_key text, company_keys text[], id uuid default gen_random_uuid(), application uuid default gen_random_uuid())')
  const { of, check } = await foldedNames(sql)
  const rows = function* () { for (let nth = 0; nth < count; nth += 1) { const n = named(nth), f = of(n); yield `${n.number}\t${n.serial}\t${n.ja}\t${n.kana}\t${n.latin}\t${n.prefecture}\t${n.industry}\t${n.corporate}\t${f.searched}\t${f.grams}\t${f.sortKey}\t${f.companyKeys}\n` } }
  await pipeline(Readable.from(rows()), await sql`copy filling (number, serial, ja, kana, latin, prefecture, industry, corporate, searched, grams, sort_key, company_keys) from stdin`.writable())
  await sql`insert into applications (id, employer_id, standard_id, stage, opened_by, submitted_at, scope) select application, ${employer}, 're-0.1.0', 'certified', ${person}, now(), '{}' from filling`
  await sql`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) select gen_random_uuid(), application, 'certify', 'bench', '', ${person} from filling`
  await sql`insert into certificates (id, number, application_id, employer_id, year, serial, cycle, state, statement, issued_on, expires_on, status_index) select id, number, application, ${employer}, substr(number, 7, 4)::int, serial, 1, 'issued', '{}', ${issuedOn}, ${expiresOn}, row_number() over () from filling`
  await sql`insert into certificate_files (id, certificate_id, edition, level, statement, sha256, size, document_key, key_id, sealed_at)
    select gen_random_uuid(), id, 1, 'B-T', ${small}::text::jsonb || jsonb_build_object('number', number), encode(sha256(number::bytea), 'hex'), 200000, left(encode(sha256(number::bytea), 'hex'), 28), repeat('0', 64), now() from filling`
  await sql`insert into certificate_events (id, certificate_id, event, happened_on, edition, sha256, actor, log_seq) select gen_random_uuid(), id, 'issued', ${issuedOn}, 1, encode(sha256(number::bytea), 'hex'), 'clock', -1 - row_number() over () from filling`
  await sql`insert into register_entries (certificate_id, number, holder, cycle, edition, standing, standing_since, name_ja, name_kana, name_latin, corporate_number, prefecture, industry, standard_code, standard_version, tier, foreign_workers_band, decided_on, issued_on, expires_on, searched, grams, sort_key, company_keys)
    select id, number, holder_of(number), 1, 1, case when serial % 50 = 0 then 'suspended' when serial % 97 = 0 then 'withdrawn' else 'certified' end, ${issuedOn}, ja, kana, latin, corporate, prefecture, industry, 'RE', '0.1.0-draft', 'T3', '1–10', ${issuedOn}, ${issuedOn}, ${expiresOn}, searched, grams, sort_key, company_keys from filling`
  await check()
  await sql`insert into register_changes (certificate_id, number, holder, change, happened_on, standing, edition) select id, number, holder_of(number), 'issued', ${issuedOn}, 'certified', 1 from filling`
  await sql`insert into watchers_told (id, seq, at) select 1, max(seq), now() from register_changes on conflict (id) do update set seq = excluded.seq, at = excluded.at` // nobody has to hear of them
  await sql`insert into register_totals select standing, count(*) from register_entries group by 1`
  await sql.unsafe('set session_replication_role = origin')
  await sql.unsafe("set maintenance_work_mem = '1GB'")
  for (const { made } of indexes) await sql.unsafe(made)
  await sql`drop table filling`
  await sql.unsafe('vacuum analyze')
  return { at: named, seconds: (performance.now() - begun) / 1000 }
}
