import { createHash } from 'node:crypto'
import { canonical, isDossierPart } from '../../server/domain/dossier.ts'
import { readDossierRow, readSeal, rowsPath, sealPath, type CaseExport, type Manifest } from '../../server/proof/case-export.ts'
import { isDossierLine } from '../../server/proof/entry.ts'
import { linesAt, Unreachable } from './fetch.ts'
import { failed, open, passed, whether, type Finding } from './finding.ts'
import type { Mirror } from './mirror.ts'
import { linesOf, textOf, type Zip } from './zip.ts'

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

const mostSeal = 64 * 1024 * 1024, longestRow = 16_000_000

/** The dossier inside an export, hashed again: every row against the seal, the seal against what the issuer signed, and that against the log where it is at hand. */
export async function checkSealedDossier(zip: Zip, { dossier, edition }: CaseExport, { entries, omissions }: Manifest, mirror: Mirror | undefined): Promise<Finding[]> {
  if (!dossier) return [passed('export_dossier', {}, 'none')]
  const { sha256, logSeq: seq } = dossier, logged = inLog(dossier, mirror)
  if (!zip.entries.has(sealPath)) return [edition === 'employer' ? passed('export_dossier', { sha256, seq }, 'hash_only') : failed('export_dossier', { rows: sealPath }), ...logged]
  const written = await textOf(zip, sealPath, mostSeal), seal = written === undefined ? undefined : readSeal(written)
  if (!seal || canonical(seal) !== written || sha256Of(written) !== sha256) return [failed('export_dossier', { rows: sealPath }), ...logged]
  const unseen = new Set(Object.keys(seal).filter(isDossierPart)), wrong: string[] = []
  try {
    for await (const line of linesOf(zip, rowsPath, longestRow)) {
      const row = readDossierRow(line)
      if (!row || !unseen.delete(row.part) || sha256Of(row.content) !== seal[row.part]) wrong.push(row?.part ?? rowsPath)
    }
  } catch {
    wrong.push(rowsPath)
  }
  for (const { id } of omissions) unseen.delete(id.replace(/^dossier\//, ''))
  const known = new Set([...entries.map(({ documentId }) => documentId), ...omissions.map(({ id }) => id)])
  const gone = Object.keys(seal).filter(part => part.startsWith('documents/') && !known.has(part.slice('documents/'.length)))
  const told = [...wrong, ...unseen, ...gone]
  return [told.length === 0 ? passed('export_dossier', { sha256, seq, count: Object.keys(seal).length - 2 }) : failed('export_dossier', { rows: told.slice(0, 50).join(', ') }), ...logged]
}

const sha256Of = (written: string) => createHash('sha256').update(written).digest('hex')
const inLog = ({ sha256, logSeq }: { sha256: string; logSeq: number }, mirror: Mirror | undefined): Finding[] =>
  (mirror ? [whether('export_logged', mirror.entries.some(entry => isDossierLine(entry) && entry.seq === logSeq && entry.dossier === sha256), { seq: logSeq })] : [])
