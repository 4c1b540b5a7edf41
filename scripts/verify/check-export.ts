import { createHash } from 'node:crypto'
import { casePath, documentPath, isByRule, manifestPath, readCaseExport, readManifest, statementPath, type CaseExport, type Manifest } from '../../server/proof/case-export.ts'
import { keyIn } from '../../server/proof/did.ts'
import type { SignedJson } from '../../server/proof/signed-json.ts'
import { checkSealedDossier } from './check-dossiers.ts'
import type { Evidence } from './evidence.ts'
import { failed, open, passed, whether, type Finding } from './finding.ts'
import type { Mirror } from './mirror.ts'
import { mostText } from './read.ts'
import { measuredEntry, openZip, textOf, type Zip } from './zip.ts'

const mostManifest = 64 * 1024 * 1024, mostCase = 128 * 1024 * 1024
const told = 50 // of what is wrong with many entries; the rest is counted

/** A whole case as it was exported: is it signed, is every file what the manifest says, is anything there that it does not name, and what of the case is missing? */
export async function checkExport(path: string, { did }: Evidence, mirror: Mirror | undefined): Promise<Finding[]> {
  const zip = await openZip(path)
  if ('fault' in zip) return [failed('export_zip', { path: zip.path }, zip.fault)]
  try {
    return [passed('export_zip', { count: zip.entries.size }), ...await checkContents(zip, did, mirror)]
  } finally {
    zip.close()
  }
}

async function checkContents(zip: Zip, did: string | undefined, mirror: Mirror | undefined): Promise<Finding[]> {
  const read = readCaseExport(await textOf(zip, statementPath, mostText) ?? ''), written = await textOf(zip, manifestPath, mostManifest) ?? ''
  const manifest = readManifest(written)
  if (!read || !manifest) return [failed('export_form')]
  const { statement, signed } = read
  return [
    passed('export_form', { case: statement.caseId, edition: statement.edition, at: statement.exportedAt }), signature(signed, statement, did), named(statement, manifest, written),
    ...await checkEntries(zip, manifest), ...omissions(manifest), ...await checkDocuments(zip, manifest), ...await checkSealedDossier(zip, statement, manifest, mirror),
  ]
}

// kid names a key of the issuer that the statement names.
function signature({ kid, isSignedBy }: SignedJson, { keys }: CaseExport, did: string | undefined): Finding {
  if (did === undefined) return open('export_signature')
  const key = keyIn(did, kid)
  return whether('export_signature', key !== undefined && kid.startsWith(`${keys.did}#`) && isSignedBy(key))
}

const named = ({ manifest: said }: CaseExport, { entries, omissions }: Manifest, written: string): Finding => whether('export_manifest',
  createHash('sha256').update(written).digest('hex') === said.sha256 && Buffer.byteLength(written) === said.size && entries.length === said.entries && omissions.length === said.omissions)

async function checkEntries(zip: Zip, { entries }: Manifest): Promise<Finding[]> {
  const wrong: Finding[] = [], names = new Set([manifestPath, statementPath])
  for (const { path, size, sha256 } of entries) {
    if (names.has(path)) wrong.push(failed('export_entries', { path }, 'twice'))
    names.add(path)
    const entry = zip.entries.get(path), found = entry && await measuredEntry(zip, entry)
    if (found === undefined) wrong.push(failed('export_entries', { path }, 'lacking'))
    else if (found?.size !== size || found.sha256 !== sha256) wrong.push(failed('export_entries', { path }, 'differs'))
  }
  for (const path of zip.entries.keys()) if (!names.has(path)) wrong.push(failed('export_entries', { path }, 'added'))
  return wrong.length === 0 ? [passed('export_entries', { count: entries.length })] : shortened('export_entries', wrong)
}

/** Each is told by its name. What a rule keeps out is no fault; what should be there and is not, is. */
function omissions({ omissions }: Manifest): Finding[] {
  const missing = omissions.filter(({ reason }) => !isByRule(reason)), ruled = omissions.filter(({ reason }) => isByRule(reason))
  const about = ({ id, path }: Manifest['omissions'][number]) => ({ id, path: path ?? id })
  return [
    ...missing.length === 0 ? [passed('export_complete', { count: ruled.length })] : missing.map(omission => failed('export_complete', about(omission), omission.reason)),
    ...ruled.map(omission => passed('export_withheld', about(omission), omission.reason)),
  ]
}

// The case itself lists its documents: each of them is a file here or an omission.
async function checkDocuments(zip: Zip, { entries, omissions }: Manifest): Promise<Finding[]> {
  const documents = documentsIn(await textOf(zip, casePath, mostCase))
  if (!documents) return [failed('export_documents', {}, 'case')]
  const held = new Map(entries.flatMap(({ documentId, path, sha256 }) => (documentId && path.startsWith(`${documentPath}${documentId}-`) ? [[documentId, sha256] as const] : []))), left = new Set(omissions.map(({ id }) => id))
  const wrong = documents.flatMap(({ id, name, sha256 }) => {
    if (held.has(id)) return held.get(id) === sha256 ? [] : [failed('export_documents', { id, name }, 'differs')]
    return left.has(id) ? [] : [failed('export_documents', { id, name }, 'lacking')]
  })
  return wrong.length === 0 ? [passed('export_documents', { count: documents.length })] : shortened('export_documents', wrong)
}

function documentsIn(written: string | undefined): { id: string; name: string; sha256: string }[] | undefined {
  try {
    const { documents } = JSON.parse(written ?? '') as { documents: unknown }
    return Array.isArray(documents) && documents.every(one => typeof one?.id === 'string' && typeof one.name === 'string' && typeof one.sha256 === 'string') ? documents : undefined
  } catch {
    return undefined
  }
}

const shortened = (check: string, wrong: Finding[]): Finding[] => (wrong.length <= told ? wrong : [...wrong.slice(0, told), failed(check, { count: wrong.length - told }, 'more')])
