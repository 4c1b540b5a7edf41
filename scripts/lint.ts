import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

// Biome's binary is called directly: its wrapper package wants platform packages that not every registry carries.
const biome = new URL(`../node_modules/@biomejs/cli-${process.platform}-${process.arch}/biome`, import.meta.url).pathname
const { status } = spawnSync(biome, ['lint', '--error-on-warnings', '.'], { stdio: 'inherit' })

// The lock file keeps integrity hashes and names no registry.
const lock = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')
const resolved = lock.includes('"resolved"')
if (resolved) console.error('package-lock.json names registry addresses: reinstall with the .npmrc of this project')
process.exit(status !== 0 || resolved ? 1 : 0)
