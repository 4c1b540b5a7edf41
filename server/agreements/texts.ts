import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AgreementText } from '../../schema/agreement-shapes.ts'
import { agreementKinds, type AgreementKind } from '../../schema/agreements.ts'

export type Agreement = AgreementText & { kind: AgreementKind; sha256: string }

// The hash is that of the file, so that anybody can compare it with `sha256sum`. A changed text needs a new version.
const read = (kind: AgreementKind): Agreement => {
  const source = readFileSync(new URL(`../../schema/agreements/${kind}.json`, import.meta.url))
  return { kind, sha256: createHash('sha256').update(source).digest('hex'), ...AgreementText.parse(JSON.parse(source.toString('utf8'))) }
}

const current = new Map(agreementKinds.map(kind => [kind, read(kind)]))

/** The version that is to be signed today. */
export function currentAgreement(kind: AgreementKind): Agreement {
  const agreement = current.get(kind)
  if (!agreement) throw new Error(`no text of ${kind}`)
  return agreement
}
