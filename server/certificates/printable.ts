import type { Refusal } from '../domain/refusal.ts'
import { missingGlyphs } from './pdf/glyphs.ts'

/** Whether every character of a certificate can be drawn; if not, the refusal names the ones that cannot. Asked before deciding: a name is never printed wrong. */
export async function printable(statement: object): Promise<Refusal | null> {
  const missing = await missingGlyphs(textsOf(statement))
  return missing.length > 0 ? { refused: 'glyphs_missing', params: { characters: missing.join(' ') } } : null
}

const textsOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
