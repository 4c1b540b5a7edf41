import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/adapters/embedded-postgres.ts'

export type MortalPostgres = Awaited<ReturnType<typeof mortalPostgres>>

/** A Postgres of its own that keeps what it has acknowledged (not `fast`), can be killed with -9 and comes back on the same port. */
export async function mortalPostgres() {
  const directory = mkdtempSync(path.join(tmpdir(), 'akashi-mortal-'))
  let server = await startEmbeddedPostgres(directory)
  const { url, port } = server
  return {
    url,
    /** The postmaster dies at once; its backends notice within moments. */
    kill: () => server.stop('SIGKILL'),
    async revive() { server = await startAgain(directory, port) },
    async remove() {
      await server.stop('SIGQUIT')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

// Until the last backend of the dead one has gone, a new postmaster refuses the shared memory.
async function startAgain(directory: string, port: number): Promise<EmbeddedPostgres> {
  for (const end = Date.now() + 20_000; ; await new Promise(resolve => setTimeout(resolve, 100))) {
    try {
      return await startEmbeddedPostgres(directory, { port })
    } catch (error) {
      if (Date.now() > end) throw error
    }
  }
}
