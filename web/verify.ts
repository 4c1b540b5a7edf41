import { showWith } from './verdict.ts'
import { liveRegister } from './verify/registers.ts'

export const show = showWith(liveRegister)
