import type { z } from 'zod'
import type { DocumentTable } from '../../schema/document-shapes.ts'
import type { Documents } from '../adapters/documents.ts'
import type { Refusal } from '../domain/refusal.ts'
import { kindOfType } from '../http/uploads/kinds.ts'
import { linesOf, Unreadable } from '../lists/lines.ts'

type File = { id: string; name: string; key: string; type: string; size: number }
const most = { rows: 500, columns: 60, letters: 500 }

/** A spreadsheet as a table of texts, for the eye: its beginning, read by the same bounded reader as buyers' lists. What it cannot read it says. */
export async function tableOf(store: Documents, { id, name, key, type, size }: File): Promise<z.infer<typeof DocumentTable> | Refusal> {
  const kind = kindOfType(type)
  if (kind !== 'xlsx' && kind !== 'csv') return { refused: 'not_found' }
  const rows: string[][] = []
  let more = false
  try {
    for await (const { cells } of linesOf(store, { documentKey: key, type, size })) {
      if (rows.length === most.rows) {
        more = true
        break
      }
      more ||= cells.length > most.columns || cells.some(cell => cell.length > most.letters)
      rows.push(cells.slice(0, most.columns).map(cell => cell.slice(0, most.letters)))
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { id, name, rows: [], more: false, problem: error.problem === 'too_large' ? 'too_large' : 'broken' }
  }
  return { id, name, rows, more, problem: null }
}
