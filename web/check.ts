import { checkFile } from './check-file.ts'
import { liveRegister } from './verify/registers.ts'

customElements.define('check-file', checkFile(liveRegister))
