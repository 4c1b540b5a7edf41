import { z } from 'zod'
import { readCorporateNumber } from '../server/domain/corporate-number.ts'
import { industries } from '../server/domain/industries.ts'
import { nationalities } from '../server/domain/nationalities.ts'
import { prefectures } from '../server/domain/prefectures.ts'
import { profileFields } from '../server/domain/profile.ts'
import { residenceStatuses } from '../server/domain/residence-statuses.ts'
import { isKana, isLatinName } from '../server/domain/text.ts'
import { siteKinds } from './employers.ts'
import { count, line, neededLine, oneOf } from './forms.ts'
import { Choice, Id, Once, Version } from './shared.ts'

// What a company says of itself. Everything but the name may come later; what is there must be right.
const FormKey = z.string().max(40).optional() // which of the page's forms was sent: goes back with a refused one
const emptyOr = (ok: (text: string) => boolean, message: string) => (text: string, context: z.RefinementCtx) => {
  if (text !== '' && !ok(text)) context.addIssue({ code: 'custom', message })
}
const oneOrNone = (list: readonly { value: string }[]) =>
  line(60).default('').refine(value => value === '' || list.some(item => item.value === value), 'field_invalid')
const known = (list: readonly { value: string }[]) => neededLine(60).refine(value => list.some(item => item.value === value), 'field_invalid')

export const CorporateNumber = line(60).default('').transform((text, context) => {
  if (text === '') return null
  const read = readCorporateNumber(text)
  if ('corporateNumber' in read) return read.corporateNumber
  context.addIssue({ code: 'custom', message: `field_${read.refused}` })
  return z.NEVER
})
const countOrNone = z.preprocess(value => (value === undefined || value === null || value === '' ? 0 : value), count())

export const CompanyForm = z.object({
  nameJa: neededLine(100), nameKana: line(150).default('').superRefine(emptyOr(isKana, 'field_kana')), nameLatin: line(150).default('').superRefine(emptyOr(isLatinName, 'field_latin')),
  corporateNumber: CorporateNumber, prefecture: oneOrNone(prefectures), addressJa: line(200).default(''), industry: oneOrNone(industries), workers: countOrNone,
  representative: line(100).default(''), phone: line(40).default(''), version: Version.default(0), form: FormKey, once: Once,
})
export type Company = Omit<z.infer<typeof CompanyForm>, 'version' | 'form' | 'once'>

export const SiteForm = z.object({ kind: oneOf(siteKinds), nameJa: neededLine(100), addressJa: neededLine(200), people: count(), form: FormKey, once: Once })
export const PopulationForm = z.object({ nationality: known(nationalities), residenceStatus: known(residenceStatuses), people: count(1), form: FormKey, once: Once })
export const RemovalForm = z.object({ once: Once })

const Site = z.object({ id: Id, kind: z.enum(siteKinds), nameJa: z.string(), addressJa: z.string(), people: z.number() })
const Population = z.object({ id: Id, nationality: z.string(), residenceStatus: z.string(), people: z.number(), label: z.string() })

export const EmployerPage = z.object({
  known: z.boolean(), version: z.number(),
  company: z.object({
    nameJa: z.string(), nameKana: z.string(), nameLatin: z.string(), corporateNumber: z.string(), prefecture: z.string(), addressJa: z.string(), industry: z.string(),
    workers: z.number(), representative: z.string(), phone: z.string(),
  }),
  foreignWorkers: z.number(), sites: z.array(Site), populations: z.array(Population),
  missing: z.array(z.enum(profileFields)), fields: z.number(), present: z.number(), unsigned: z.array(z.string()),
  places: z.record(z.string(), z.string()), // where on the page a missing field is filled in
  bars: z.array(z.object({ label: z.string(), value: z.number() })),
  choices: z.object({ prefectures: z.array(Choice), industries: z.array(Choice), nationalities: z.array(Choice), residenceStatuses: z.array(Choice) }),
})
export const Saved = z.object({ employerId: Id, version: z.number() })
export const Kept = z.object({ id: Id })
