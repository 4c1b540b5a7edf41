import { z } from 'zod'
import { neededLine, ticked } from './forms.ts'
import { agreementKinds } from './agreements.ts'
import { Instant, Once } from './shared.ts'

// The file of a text (schema/agreements/*.json). Japanese prevails; English is its translation.
const words = z.string().min(1)
const Article = z.strictObject({ titleJa: words, titleEn: words, textJa: words, textEn: words })
export const AgreementText = z.strictObject({ version: words, titleJa: words, titleEn: words, leadJa: words, leadEn: words, articles: z.array(Article).min(1) })
export type AgreementText = z.infer<typeof AgreementText>

const Signed = z.object({ version: z.string(), signedAs: z.string(), signedAt: Instant })
export const AgreementList = z.object({
  company: z.string(),
  agreements: z.array(z.object({ kind: z.enum(agreementKinds), titleJa: z.string(), titleEn: z.string(), version: z.string(), signed: Signed.nullable() })),
  unsigned: z.array(z.enum(agreementKinds)),
})
export const AgreementPage = z.object({
  kind: z.enum(agreementKinds), company: z.string(), version: z.string(), sha256: z.string(), titleJa: z.string(), titleEn: z.string(), leadJa: z.string(), leadEn: z.string(),
  articles: z.array(z.object({ titleJa: z.string(), titleEn: z.string(), textJa: z.string(), textEn: z.string() })),
  signed: Signed.nullable(), earlier: z.array(Signed),
})
export const ByKind = z.object({ kind: z.enum(agreementKinds) })
export const SignForm = z.object({ version: neededLine(40), signerName: neededLine(80), signerTitle: neededLine(80), agreed: ticked(), once: Once })
export const SignedOut = z.object({ kind: z.enum(agreementKinds), version: z.string(), textSha256: z.string() })
