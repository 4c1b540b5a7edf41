import { LRUCache } from 'lru-cache'

const most_known = 500      // each lies in the memory of each connection, on both sides, for as long as that lives
const remembered_once = 1000
const longest = 10_000      // what is longer is a list of rows, another length each time

/**
 * Which statements Postgres is to remember: those whose text comes a second time. One that it remembers is parsed and planned once, and goes there and back once instead
 * of twice (postgres.js first asks for the types of its parameters, and sends nothing else meanwhile). Texts that differ by the number of their values must not fill the memory.
 */
export function knownStatements() {
  const once = new LRUCache<string, true>({ max: remembered_once }), known = new Set<string>()
  return (text: string): boolean => {
    if (known.has(text)) return true
    if (text.length > longest || known.size >= most_known) return false
    if (once.has(text)) known.add(text)
    else once.set(text, true)
    return known.has(text)
  }
}
