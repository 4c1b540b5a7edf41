import { agreementSignatures, type AgreementKind } from '../../schema/agreements.ts'
import type { Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import { currentAgreement } from './texts.ts'

type Signing = { employerId: string | null; personId: string; kind: AgreementKind; version: string; signerName: string; signerTitle: string; requestId: string; now: Date }

/** C1: binds the very words that were shown: another version than the one on the signer's screen is `stale`. */
export async function sign(tx: Db, { employerId, personId, kind, version, signerName, signerTitle, requestId, now }: Signing): Promise<{ kind: AgreementKind; version: string; textSha256: string } | Refusal> {
  if (!employerId) return { refused: 'needs', missing: ['profile_complete'] }
  const agreement = currentAgreement(kind)
  if (agreement.version !== version) return { refused: 'stale' }
  const signature = { employerId, kind, version, textSha256: agreement.sha256, signedAs: `${signerTitle} ${signerName}`, personId, signedAt: now }
  const [signed] = await tx.insert(agreementSignatures).values(signature).onConflictDoNothing().returning({ id: agreementSignatures.id })
  if (!signed) return { refused: 'already_exists' }
  await record(tx, { personId, role: 'applicant', requestId }, { operation: 'agreements.sign', employerId, subjectId: signed.id, after: { kind, version, textSha256: agreement.sha256 } })
  return { kind, version, textSha256: agreement.sha256 }
}
