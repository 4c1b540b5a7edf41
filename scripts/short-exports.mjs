// Run after an install: says the 447 exports of drizzle-orm with a pattern. Node parses that table (180 KB) anew for every file that imports the
// package, a second of every start; the pattern means the same, and a second run changes nothing. Types lie beside each file.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../node_modules/drizzle-orm/package.json', import.meta.url)
const described = JSON.parse(readFileSync(file, 'utf8'))
const entries = Object.entries(described.exports)
const short = to => (to.import ? { import: to.import.default, require: to.require.default } : to)

if (entries.length > 100) {
  const others = entries.filter(([name, to]) => to.import?.default !== `${name}.js`).map(([name, to]) => [name, short(to)])
  writeFileSync(file, JSON.stringify({ ...described, exports: { ...Object.fromEntries(others), './*': { import: './*.js', require: './*.cjs' } } }))
}
