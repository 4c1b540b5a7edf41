import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import type { HashOf, Subtree } from '../proof/merkle.ts'

/** The tree as kept in Postgres does not give what was signed, or what its own lines give. Nothing is signed over it, and a person has to look. */
export class LogAltered extends Error {
  override readonly name = 'LogAltered'
}

/** The kept hashes of these complete subtrees, in one statement. The result throws LogAltered when one is asked for that is not there. */
export async function hashesOf(db: Db, subtrees: readonly Subtree[]): Promise<HashOf> {
  const wanted = JSON.stringify(subtrees.map(({ level, idx }) => ({ level, idx })))
  const rows = subtrees.length === 0 ? [] : await db.execute<{ level: number; idx: string; hash: string }>(sql`
    select n.level, n.idx, encode(n.hash, 'hex') as hash from json_to_recordset(${wanted}::json) as w(level smallint, idx bigint) join log_nodes n on n.level = w.level and n.idx = w.idx`)
  const found = new Map([...rows].map(({ level, idx, hash }) => [`${level}/${idx}`, Buffer.from(hash, 'hex')]))
  return ({ level, idx }) => found.get(`${level}/${idx}`) ?? missing(`log_nodes has no ${level}/${idx}`)
}

function missing(what: string): never {
  throw new LogAltered(what)
}
