import { isDossierLine } from '../../server/proof/entry.ts'
import { linesAt, Unreachable } from './fetch.ts'
import { failed, open, passed, type Finding } from './finding.ts'
import type { Mirror } from './mirror.ts'

const longestLine = 1_000_000

/** Does every file that a decision rests on still hash to what the log told when it was sealed? What was altered since is named: which answer, document or finding. */
export async function checkDossiers(url: string, { entries, checkpoint }: Mirror): Promise<Finding[]> {
  const sealed = new Map(entries.filter(isDossierLine).map(({ seq, dossier }) => [seq, dossier])), count = sealed.size, wrong: Finding[] = []
  try {
    for await (const line of linesAt(`${url}/log/dossiers.ndjson`, longestLine)) {
      const now = parsed(line)
      if (!now) return [open('dossiers')]
      if (now.seq >= checkpoint.size) continue // younger ones wait for the next checkpoint
      if (sealed.get(now.seq) !== now.dossier) wrong.push(failed('dossiers', { seq: now.seq, rows: now.altered.join(', ') }, now.altered.length > 0 ? 'rows' : 'seal'))
      sealed.delete(now.seq)
    }
  } catch (error) {
    if (error instanceof Unreachable) return [open('dossiers')]
    throw error
  }
  const gone = [...sealed.keys()].map(seq => failed('dossiers', { seq }, 'gone'))
  return wrong.length + gone.length > 0 ? [...wrong, ...gone] : [passed('dossiers', { count })]
}

function parsed(line: string): { seq: number; dossier: string | null; altered: string[] } | null {
  try {
    const value = JSON.parse(line) as { seq: number; dossier: string | null; altered: string[] }
    return Number.isSafeInteger(value.seq) && Array.isArray(value.altered) && value.altered.every(part => typeof part === 'string' && /^[\w ./-]{1,200}$/.test(part)) ? value : null
  } catch {
    return null
  }
}
