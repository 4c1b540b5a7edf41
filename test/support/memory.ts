import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

/** Bytes really held (heap and buffers, after a collection, so that garbage does not count) above what was held before, at the worst moment. */
export function memoryWatch() {
  const held = () => {
    collect()
    collect() // buffers that the first one found are swept beside it, and counted until the second
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const before = held()
  let worst = 0
  return {
    look() { worst = Math.max(worst, held() - before) },
    worst: () => worst,
  }
}
