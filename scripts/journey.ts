import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ownInstance } from './journey/instance.ts'
import { playJourney } from './journey/story.ts'

// npm run journey -- --out DIR [--url URL]: the whole story over HTTP, against an instance of its own or a running development instance.
// Leaves in DIR certificate.pdf and what checks it without us: certificate.vc.jwt, did.json, status.vc.jwt, checkpoint.txt, proof.json, root.der
// (and the time stamps' root), case.zip with the whole case, besides journey.json; the last line of stdout is the certificate number.
const { values: { out, url } } = parseArgs({ options: { out: { type: 'string' }, url: { type: 'string' } } })
if (!out) {
  console.error('usage: npm run journey -- --out DIR [--url URL]')
  process.exit(2)
}

const instance = url ? undefined : await ownInstance()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void instance?.stop().then(() => process.exit(1))) // never leave a server behind
try {
  const { certificate, kept, ...told } = await playJourney(new URL(url ?? instance?.url ?? '').origin, line => console.log(`· ${line}`))
  await mkdir(out, { recursive: true })
  for (const [file, bytes] of Object.entries({ 'certificate.pdf': certificate, ...kept })) await writeFile(path.join(out, file), bytes)
  await writeFile(path.join(out, 'journey.json'), `${JSON.stringify(told, null, 2)}\n`)
  await instance?.stop()
  console.log(told.number)
} catch (error) {
  console.error(`the journey ended early: ${error instanceof Error ? error.message : error}`)
  await instance?.stop()
  process.exitCode = 1
}
