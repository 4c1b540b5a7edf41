// Run by the system's own Node (>= 18) before node_modules exists, so that a fresh clone needs only `npm start` or `npm test`.
// A stamp over the lock file and the patches makes the next start skip the install.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'

const files = ['package-lock.json', 'scripts/short-exports.mjs', ...readdirSync('scripts/patches').map(file => `scripts/patches/${file}`)]
const stamp = 'node_modules/.setup-stamp'
const wanted = createHash('sha256').update(files.map(file => readFileSync(file, 'utf8')).join()).digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('akashi: installing the packages of package-lock.json (once)')
  const install = ['ci', '--include=optional', '--include=dev', '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', install, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
  writeFileSync(stamp, wanted)
}
