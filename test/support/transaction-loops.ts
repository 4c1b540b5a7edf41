import { connect, isDatabaseAway, within } from '../../server/adapters/database.ts'
import { sql } from 'drizzle-orm'

// A program of its own: loops of transactions that must outlive their database. It tells its parent how many committed, and ends with 0
// once the parent has said enough. Anything that escapes its try/catch ends it earlier, with another code.
const database = connect(process.argv[2] ?? '')
let over = false
process.once('message', () => { over = true })

await Promise.all(Array.from({ length: 8 }, loop))
await database.close()
process.disconnect()

async function loop() {
  while (!over) {
    try {
      await within(database.db, async tx => {
        for (let index = 0; index < 20; index += 1) await tx.execute(sql`insert into loops (told) values (${index})`)
      })
      process.send?.({ committed: true })
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      process.send?.({ away: true })
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
}
