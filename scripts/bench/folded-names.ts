import type postgres from 'postgres'
import type { Named } from './fill-million.ts'

const generated = ['searched', 'grams', 'sort_key', 'company_keys']
const legalForm = /株式会社|[(]株[)]|co[.], ltd[.]/g

/** What the register's generated columns of a name are. They become ordinary columns in this database, and `check` compares some with what Postgres would have made. */
export async function foldedNames(sql: postgres.Sql) {
  const compared = await sql<{ name: string; made: string }[]>`select a.attname as name, pg_get_expr(d.adbin, d.adrelid) as made from pg_attribute a join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    where a.attrelid = 'register_entries'::regclass and a.attname in ${sql(generated)}`
  for (const name of generated) await sql.unsafe(`alter table register_entries alter column ${name} drop expression`)
  const signs = new Map<string, string>()
  const of = ({ ja, kana, latin }: Named) => {
    const fold = (text: string) => [...text].map(sign => signs.get(sign) ?? sign).join('')
    const [foldedJa, foldedKana, foldedLatin] = [fold(ja), fold(kana), fold(latin)]
    const searched = `${foldedJa} ${foldedKana} ${foldedLatin}`, keys = [foldedJa, foldedKana, foldedLatin].map(name => name.replace(legalForm, '').replaceAll(/[^\p{L}\p{N}ー]+/gu, ''))
    return { searched, grams: arrayOf(gramsOf(searched)), sortKey: foldedKana, companyKeys: arrayOf(keys) }
  }
  await learn(sql, signs)
  const check = async () => {
    const wrong = await sql.unsafe(`select number from (select * from register_entries order by md5(number) limit 1000) e where ${compared.map(({ name, made }) => differs(name, made)).join(' or ')}`)
    if (compared.length !== generated.length || wrong.length > 0) throw new Error(`${wrong.length} names are not folded as Postgres folds them, ${wrong[0]?.number}`)
  }
  return { of, check }
}

const differs = (name: string, made: string) => (name === 'grams' ? `not (grams @> ${made} and grams <@ ${made})` : `${name} is distinct from ${made}`)

// Sign by sign, as Postgres folds it: none of these names has signs that become one with their neighbour.
async function learn(sql: postgres.Sql, signs: Map<string, string>) {
  const rows = await sql<{ sign: string; folded: string }[]>`select chr(code) as sign, fold_ja(chr(code)) as folded from (select generate_series(32, 126) union select generate_series(12288, 13311) union select generate_series(19968, 40959) union select unnest(array[64017])) as codes(code)`
  for (const { sign, folded } of rows) if (sign !== folded) signs.set(sign, folded)
}

function gramsOf(searched: string): string[] {
  const signs = [...searched]
  return [...new Set([...signs, ...signs.slice(1).map((sign, nth) => `${signs[nth]}${sign}`)])].filter(gram => !/\s/.test(gram))
}

const arrayOf = (words: readonly string[]) => `{${words.map(word => `"${word}"`).join(',')}}`
