import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

/** Bytes really held (heap and buffers, after a collection, so that garbage does not count) above what was held before, at the worst moment. */
export function memoryWatch() {
  const held = () => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  collect() // what other files left in this worker: buffers that this one finds are swept beside it, and counted until the next
  const before = held()
  let worst = 0
  return {
    look() { worst = Math.max(worst, held() - before) },
    worst: () => worst,
  }
}
