import { checkFile } from './check-file.ts'

customElements.define('check-file', checkFile(async home => (await import(home.dataset['verify'] ?? '')).show))
