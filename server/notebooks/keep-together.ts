import type { Refusal } from '../domain/refusal.ts'
import type { World } from '../world.ts'
import type { Asked } from './files.ts'
import { keepFiles, type Whole } from './keep-files.ts'

type File = Asked & Whole
type Waiting = { file: File; resolve(kept: Refusal | null): void; reject(fault: unknown): void }

const most_together = 20
// Of this server. A case is locked while its files are kept: another server's wait there.
const lines = new Map<string, Waiting[]>()

/**
 * Keeps a file, with all others of its audit and device that came whole while the ones before were being kept: a transaction costs much, a file in it little.
 * Whoever waits hears once their file is kept, or that it was not, and sends it again.
 */
export function keepTogether(world: World, file: File): Promise<Refusal | null> {
  const name = [file.applicationId, file.device, file.viewer.personId].join()
  return new Promise((resolve, reject) => {
    const waiting = { file, resolve, reject }
    const line = lines.get(name)
    if (line) return void line.push(waiting)
    lines.set(name, [waiting])
    void keepLine(world, name)
  })
}

async function keepLine(world: World, name: string): Promise<void> {
  const line = lines.get(name) ?? []
  while (line.length > 0) {
    const turn = line.splice(0, most_together)
    await keepFiles(world, turn.map(({ file }) => file)).then(
      kept => turn.forEach(({ resolve }) => resolve(kept)),
      fault => turn.forEach(({ reject }) => reject(fault)),
    )
  }
  lines.delete(name)
}
