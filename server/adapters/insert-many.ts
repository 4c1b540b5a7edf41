import { sql } from 'drizzle-orm'
import { toSnakeCase } from 'drizzle-orm/casing'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from './database.ts'

/**
 * Many rows of one table as one parameter: by drizzle's insert each value of a day's notes is one, and to count them took longer than to store them.
 * What a row does not name is null; what none of them names gets its default. In the order given. Not for bytes.
 */
export async function insertMany<Table extends PgTable>(tx: Db, table: Table, rows: readonly Table['$inferInsert'][]): Promise<void> {
  const names = [...new Set(rows.flatMap(row => Object.keys(row)))]
  if (names.length === 0) return
  const columns = sql.join(names.map(name => sql.identifier(toSnakeCase(name))), sql`, `)
  const json = JSON.stringify(rows.map(row => Object.fromEntries(names.map(name => [toSnakeCase(name), (row as Record<string, unknown>)[name]]))))
  await tx.execute(sql`insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, ${json}::jsonb)`)
}
