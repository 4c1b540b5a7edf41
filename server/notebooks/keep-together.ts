import { newDocumentKey } from '../adapters/documents.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { World } from '../world.ts'
import { keepFiles, type Whole } from './keep-files.ts'

type Kept = Awaited<ReturnType<typeof keepFiles>>
type Waiting = { file: Whole; resolve(kept: Kept): void; reject(fault: unknown): void }

const most_together = 20
// Of this server. A case is locked while its files are kept: another server's wait there.
const lines = new Map<string, Waiting[]>()

/**
 * A finished file from the spool into the home of all documents: bytes first, row second. Files of one audit and device that come whole while others are being
 * kept wait for those, and are kept together: a transaction costs much, a file in it little. Null once the file is kept; a fault is everybody's who was in it, and they send again.
 */
export async function keepTogether(world: World, { path, ...file }: Omit<Whole, 'key'> & { path: string }): Promise<Refusal | null> {
  const key = newDocumentKey(), { documents: store } = world
  await store.adopt(key, path, { type: file.type })
  const kept = await inLine(world, { ...file, key }) // after a fault the rows may stand all the same, when only the answer was lost: bytes without a row go with the sweep
  if (isRefusal(kept) || !kept.has(key)) await store.delete(key)
  return isRefusal(kept) ? kept : null
}

function inLine(world: World, file: Whole): Promise<Kept> {
  const name = [file.applicationId, file.device, file.viewer.personId].join()
  return new Promise((resolve, reject) => {
    const waiting = { file, resolve, reject }, line = lines.get(name)
    if (line) return void line.push(waiting)
    lines.set(name, [waiting])
    void keepLine(world, name)
  })
}

async function keepLine(world: World, name: string): Promise<void> {
  const line = lines.get(name) ?? []
  for (let first = line.shift(); first; first = line.shift()) {
    const others = line.splice(0, most_together - 1), turn = [first, ...others]
    await keepFiles(world, [first.file, ...others.map(({ file }) => file)]).then(kept => turn.forEach(({ resolve }) => resolve(kept)), fault => turn.forEach(({ reject }) => reject(fault)))
  }
  lines.delete(name)
}
