import type { World } from '../../server/world.ts'

/** How many statements a piece of work sends to Postgres outside transactions. */
export async function countQueries({ database }: World, work: () => Promise<unknown>): Promise<number> {
  const pool = database.sql, { unsafe } = pool
  let sent = 0
  pool.unsafe = ((...args: Parameters<typeof unsafe>) => {
    sent += 1
    return unsafe.apply(pool, args)
  }) as typeof unsafe
  try {
    await work()
  } finally {
    pool.unsafe = unsafe
  }
  return sent
}
