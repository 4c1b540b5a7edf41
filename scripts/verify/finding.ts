import type { Check } from '../../server/proof/seal/check.ts'

export type Params = Record<string, string | number>
/** One thing that was checked. `variant` chooses among the sentences of a verdict (words.json). */
export type Finding = { check: string; verdict: Check; params: Params; variant?: string }

export const passed = (check: string, params: Params = {}, variant?: string): Finding => found(check, 'passed', params, variant)
export const failed = (check: string, params: Params = {}, variant?: string): Finding => found(check, 'failed', params, variant)
export const open = (check: string, params: Params = {}, variant?: string): Finding => found(check, 'could_not_be_checked', params, variant)
export const found = (check: string, verdict: Check, params: Params = {}, variant?: string): Finding => ({ check, verdict, params, ...(variant ? { variant } : {}) })
export const whether = (check: string, holds: boolean, params: Params = {}): Finding => found(check, holds ? 'passed' : 'failed', params)
