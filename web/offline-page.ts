import { checkFile } from './check-file.ts'
import { OfflineReader } from './offline-reader.ts'
import type { Registered } from './verify/answer.ts'
import { keptRegister } from './verify/registers.ts'
import { showWith } from './verdict.ts'

// The page that somebody saved: everything it knows travels inside it, and its own policy forbids it the network.
const { files, root } = JSON.parse(document.getElementById('kept')?.textContent ?? '{}') as { files: Registered[]; root: string }

const register = keptRegister(files, Uint8Array.from(atob(root), character => character.charCodeAt(0)), () => new Date())
customElements.define('check-file', checkFile(async () => showWith(register)))
customElements.define('offline-reader', OfflineReader)
