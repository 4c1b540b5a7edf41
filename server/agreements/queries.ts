import { desc, eq } from 'drizzle-orm'
import { agreementKinds, agreementSignatures, type AgreementKind } from '../../schema/agreements.ts'
import type { Db } from '../adapters/database.ts'
import { currentAgreement } from './texts.ts'

export type Signature = typeof agreementSignatures.$inferSelect

export const signaturesOf = (db: Db, employerId: string): Promise<Signature[]> =>
  db.select().from(agreementSignatures).where(eq(agreementSignatures.employerId, employerId)).orderBy(desc(agreementSignatures.signedAt))

/** C1: what the employer has yet to sign. A signature counts only for the words it was given to: same version, same hash. */
export async function unsignedAgreements(db: Db, employerId: string): Promise<AgreementKind[]> {
  const signatures = await signaturesOf(db, employerId)
  return agreementKinds.filter(kind => !signatureFor(signatures, kind))
}

/** The signature under the current version, if there is one. */
export function signatureFor(signatures: readonly Signature[], kind: AgreementKind): Signature | undefined {
  const { version, sha256 } = currentAgreement(kind)
  return signatures.find(signature => signature.kind === kind && signature.version === version && signature.textSha256 === sha256)
}
