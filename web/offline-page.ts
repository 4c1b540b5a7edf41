import { checkFile } from './check-file.ts'
import { OfflineReader } from './offline-reader.ts'
import type { Registered } from './verify/answer.ts'
import { keptRegister } from './verify/registers.ts'

// The page that somebody saved: everything it knows travels inside it, and its own policy forbids it the network.
const { files, root } = JSON.parse(document.getElementById('kept')?.textContent ?? '{}') as { files: Registered[]; root: string }

customElements.define('check-file', checkFile(keptRegister(files, Uint8Array.from(atob(root), character => character.charCodeAt(0)), () => new Date())))
customElements.define('offline-reader', OfflineReader)
