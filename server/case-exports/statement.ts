import { createHash } from 'node:crypto'
import type { Plain } from '../domain/dossier.ts'
import { translate, type Locale } from '../http/locale.ts'
import type { CaseExport } from '../proof/case-export.ts'
import { didOf } from '../proof/did.ts'
import { signJson } from '../proof/signed-json.ts'
import type { World } from '../world.ts'
import type { Gathered } from './gather.ts'

type About = { caseId: string; employer: string; at: Date }

/** What the issuer signs about an export: whose edition, when, and the hash of the manifest that names every file and every omission. */
export function signedStatement({ credentialKey, publicUrl }: World, { edition, dossier }: Gathered, { caseId, employer, at }: About) {
  return (manifest: string, { entries, omissions }: { entries: number; omissions: number }): Promise<string> => {
    const did = didOf(publicUrl), bytes = Buffer.from(manifest)
    const statement: CaseExport = {
      type: 'akashi-case-export', version: 1, says: inTwo(locale => translate(locale, 'case_exports.says', { employer, case: caseId, edition: translate(locale, `case_exports.edition_${edition}`), entries, omissions })),
      caseId, edition, exportedAt: at.toISOString(), manifest: { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), entries, omissions },
      dossier, keys: { did }, verify: inTwo(locale => translate(locale, 'case_exports.verify')),
    }
    return signJson(statement as unknown as Record<string, Plain>, { kid: `${did}#${credentialKey.kid}`, sign: input => credentialKey.sign(input) })
  }
}

const inTwo = (say: (locale: Locale) => string) => ({ ja: say('ja'), en: say('en') })
