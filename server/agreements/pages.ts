import type { z } from 'zod'
import type { AgreementList, AgreementPage } from '../../schema/agreement-shapes.ts'
import { agreementKinds, type AgreementKind } from '../../schema/agreements.ts'
import type { Db } from '../adapters/database.ts'
import { employerById } from '../employers/queries.ts'
import { signatureFor, signaturesOf } from './queries.ts'
import { currentAgreement } from './texts.ts'

/** Both agreements with who signed what. */
export async function agreementList(db: Db, employerId: string | null): Promise<z.infer<typeof AgreementList>> {
  const signatures = employerId ? await signaturesOf(db, employerId) : []
  const agreements = agreementKinds.map(kind => {
    const { titleJa, titleEn, version } = currentAgreement(kind)
    return { kind, titleJa, titleEn, version, signed: signatureFor(signatures, kind) ?? null }
  })
  return { company: await companyName(db, employerId), agreements, unsigned: agreements.filter(({ signed }) => !signed).map(({ kind }) => kind) }
}

/** The text to read and sign, the signature under it, and those under earlier versions. */
export async function agreementPage(db: Db, employerId: string | null, kind: AgreementKind): Promise<z.infer<typeof AgreementPage>> {
  const signatures = employerId ? await signaturesOf(db, employerId) : []
  const signed = signatureFor(signatures, kind) ?? null
  const earlier = signatures.filter(signature => signature.kind === kind && signature !== signed)
  return { ...currentAgreement(kind), company: await companyName(db, employerId), signed, earlier }
}

const companyName = async (db: Db, employerId: string | null) => (employerId ? (await employerById(db, employerId)).nameJa : '')
