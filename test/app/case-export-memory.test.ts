import { randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { flags } from '../../scripts/journey/instance.ts'
import { growthOf, residentMiB } from '../../scripts/bench/memory.ts'
import { diskDocuments } from '../../server/adapters/disk-documents.ts'
import { caseFilesOn } from '../support/case-files.ts'
import { killableServer } from '../support/killable-server.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Issue 6: a case of 500 files streams within 64 MiB, measured on a server process of its own that has served before.
const theatre = await stage()
const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-large-case-'))
const server = await killableServer({ DATA_DIR: dataDir, DATABASE_URL: theatre.databaseUrl, SEED: 'none' }, flags)
afterAll(async () => {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const size = 400_000, files = 500, limit_mib = 64

it('a case of 500 files, 200 MB, costs the server at most 64 MiB', { timeout: 180_000 }, async () => {
  theatre.world.documents = diskDocuments(path.join(dataDir, 'documents'))
  const { awaiting } = sealedFilesOn(theatre), { handIn } = caseFilesOn(theatre)
  const [small, large] = [await awaiting({ nameJa: '小さな会社' }), await awaiting({ nameJa: '大きな会社' })]
  await handIn(small)
  for (let nth = 0; nth < files; nth += 1) await handIn(large, { name: `写真${nth}.jpg`, bytes: randomFillSync(Buffer.alloc(size)) })
  await server.start()
  const take = async (id: string) => {
    const reply = await fetch(`${server.url}/applications/${id}/export.zip`, { headers: { cookie: theatre.cookieOf('suzuki') } })
    let bytes = 0
    for await (const chunk of reply.body ?? []) bytes += chunk.length
    return [reply.status, bytes] as const
  }
  const pid = await server.living('server')
  await server.living('jobs')
  for (let before = 0; Math.abs(residentMiB(pid) - before) > 1;) { // code and pools are loaded, the job runner has come up
    before = residentMiB(pid)
    for (let round = 0; round < 3; round += 1) expect((await take(small))[0]).toBe(200)
    await new Promise(resolve => setTimeout(resolve, 1000))
  }
  let taken: readonly [number, number] = [0, 0]
  const growth = await growthOf(pid, async () => { taken = await take(large) })
  console.log(`memory grew by ${growth.toFixed(1)} MiB`)
  expect([taken[0], taken[1] > size * files, growth < limit_mib]).toEqual([200, true, true])
})
