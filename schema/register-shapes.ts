import { z } from 'zod'
import { standings } from '../server/domain/standing.ts'
import { LegalDate } from './shared.ts'

/** What may be asked of the directory. Whatever cannot be read is as if it had not been asked: a search never fails for a word. */
const asked = (most: number) => z.string().max(most).transform(text => text.replaceAll('\0', '\uFFFD')).optional().catch(undefined)
export const RegisterQuery = z.looseObject({
  q: z.string().transform(text => text.slice(0, 100)).optional().catch(undefined),
  prefecture: asked(20), industry: asked(40), standing: asked(40), standard: asked(40), after: asked(2000), lang: asked(20),
})

const Named = z.object({ value: z.string(), ja: z.string(), en: z.string() })

export const RegisterRow = z.object({
  number: z.string(), holder: z.string(), nameJa: z.string(), nameLatin: z.string(), corporateNumber: z.string(), prefecture: z.string(), prefectureEn: z.string(),
  industryJa: z.string(), industryEn: z.string(), standing: z.enum(standings), since: LegalDate, reasonClass: z.string().nullable(), issuedOn: LegalDate, expiresOn: LegalDate, standard: z.string(), tier: z.string(),
})
export type RegisterRow = z.infer<typeof RegisterRow>

export const Directory = z.object({
  asked: z.object({ q: z.string(), prefecture: z.string(), industry: z.string(), standing: z.string(), standard: z.string() }),
  searching: z.boolean(), // something narrows the list down
  first: z.boolean(), // the first page of it
  rows: z.array(RegisterRow), byNumber: z.boolean(), // in the order of numbers, newest first: very many match
  found: z.number(), more: z.boolean(), // `more`: at least so many
  start: z.string(), next: z.string().nullable(), // the addresses of the first and of the next page
  totals: z.array(z.object({ standing: z.enum(standings), certificates: z.number() })).nullable(), most: z.number(),
  choices: z.object({ prefectures: z.array(Named), industries: z.array(Named), standings: z.array(z.enum(standings)), standards: z.array(z.string()) }),
})
export type Directory = z.infer<typeof Directory>

/** The columns of the open data, as the files write them and as the dictionary tells them. */
export const Dictionary = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string(), ja: z.string(), en: z.string(), values: z.array(z.string()) })),
  files: z.array(z.object({ url: z.string(), ja: z.string(), en: z.string() })),
})
