import { parseArgs } from 'node:util'
import { issuing } from './bench/issuing.ts'
import { bulkCheck } from './bench/bulk-check.ts'
import { notebookShell } from './bench/notebook-shell.ts'
import { notebook } from './bench/notebook.ts'
import { register } from './bench/register.ts'
import { webhooks } from './bench/webhooks.ts'
import { reissuing } from './bench/reissuing.ts'
import { row, table, type Measured } from './bench/row.ts'
import { verifyPage } from './bench/verify-page.ts'

// npm run bench [-- --json] [--only verify-page,issuing,reissuing,register,bulk-check,webhooks,notebook,notebook-shell]: every figure beside a named limit or peer of the same run.
const benches: Record<string, (tell: (line: string) => void) => Promise<Measured[]>> = { 'verify-page': verifyPage, issuing, reissuing, register, 'bulk-check': bulkCheck, webhooks, notebook, 'notebook-shell': notebookShell }

const { values: { json, only } } = parseArgs({ options: { json: { type: 'boolean', default: false }, only: { type: 'string' } } })
const wanted = only?.split(',') ?? Object.keys(benches)
const unknown = wanted.filter(name => !(name in benches))
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}

const measured: Measured[] = []
for (const name of wanted) measured.push(...await benches[name]?.(line => console.error(`· ${name}: ${line}`)) ?? [])
const rows = measured.map(row)
console.log(json ? JSON.stringify(rows, null, 1) : table(rows))
process.exit(rows.some(({ holds }) => holds === false) ? 1 : 0)
