import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

/**
 * Bytes really held (heap and buffers, after a collection, so that garbage does not count) above what was held before, at the worst moment.
 * What is held is never more than what is there, garbage included: a look that finds less than `allowed` there need not collect, which takes long
 * in a worker that has run a hundred files.
 */
export function memoryWatch(allowed = 0) {
  const there = () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const held = () => {
    collect()
    collect() // buffers that the first one found are swept beside it, and counted until the second
    return there()
  }
  const before = held()
  let worst = 0
  return {
    look() {
      if (there() - before >= allowed) worst = Math.max(worst, held() - before)
    },
    worst: () => worst,
  }
}
