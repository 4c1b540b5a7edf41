import { z } from 'zod'
import { coverage, sexes, shifts, type Group } from '../server/domain/draw.ts'
import { nationalities } from '../server/domain/nationalities.ts'
import { residenceStatuses } from '../server/domain/residence-statuses.ts'
import { foldDigits } from '../server/domain/text.ts'
import { CaseHead } from './case-head.ts'
import { prose } from './forms.ts'
import { Choice, FormKey, Id, Instant, Once } from './shared.ts'

// People alike in everything that is to be covered are one group. Rows are told apart by their number: nationality_1, shift_1 …; empty rows are left out.
export const most_groups = 60
export const nowhere = 'elsewhere' // lives in no housing of the employer
const known: Record<(typeof coverage)[number], (value: string) => boolean> = {
  nationality: value => nationalities.some(one => one.value === value), programme: value => residenceStatuses.some(one => one.value === value),
  shift: value => (shifts as readonly string[]).includes(value), sex: value => (sexes as readonly string[]).includes(value), dormitory: value => value === nowhere || Id.safeParse(value).success,
}
const numbers = Array.from({ length: most_groups }, (_, index) => index + 1)
const Cell = z.union([z.string().max(100, 'field_too_big'), z.number().transform(String)], { error: 'field_format' }).optional() // JSON says 9 where a form says "9"
const cells = (cell: z.ZodType) => Object.fromEntries(numbers.flatMap(number => [...coverage, 'people'].map(name => [`${name}_${number}`, cell])))

/** What is typed so far, for another look with more rows. */
export const GroupsDraft = z.object({ ...cells(Cell.catch(undefined)), rows: z.coerce.number().int().min(1).max(most_groups).optional().catch(undefined) })

export const DrawForm = z.object({ ...cells(Cell), reason: prose(1000).default(''), difference: prose(1000).default(''), form: FormKey, once: Once }).transform(({ reason, difference, form, once, ...typed }, context) => {
  const cell = (name: string, number: number) => foldDigits(String((typed as Record<string, unknown>)[`${name}_${number}`] ?? '')).trim()
  const groups: Group[] = []
  for (const number of numbers) {
    const people = cell('people', number)
    if (people === '' || people === '0') continue
    const wrong = coverage.filter(aspect => !known[aspect](cell(aspect, number)))
    for (const aspect of wrong) context.addIssue({ code: 'custom', path: [`${aspect}_${number}`], message: 'field_missing' })
    if (!/^\d{1,3}$/.test(people)) context.addIssue({ code: 'custom', path: [`people_${number}`], message: 'field_number' })
    else groups.push({ ...Object.fromEntries(coverage.map(aspect => [aspect, cell(aspect, number)])) as Omit<Group, 'people'>, people: Number(people) })
  }
  if (groups.length === 0) context.addIssue({ code: 'custom', path: ['people_1'], message: 'field_missing' })
  return { groups, reason, difference, form, once }
})

const Labelled = z.object({ nationality: z.string(), programme: z.string(), shift: z.string(), sex: z.string(), dormitory: z.string() })
const Row = Labelled.extend({ number: z.number(), people: z.string() })
const Draw = z.object({
  number: z.number(), at: Instant, by: z.string(), reason: z.string(), seed: z.string(), algorithm: z.string(), populationSha256: z.string(), people: z.number(), told: z.number().nullable(), difference: z.string(), size: z.number(),
  again: z.boolean(), // drawn once more just now from what is stored: the same
  drawn: z.array(Labelled.extend({ code: z.string(), place: z.number(), group: z.number(), nth: z.number(), because: z.enum(['small_nationality', 'coverage', 'random']) })),
  uncovered: z.array(z.object({ aspect: z.enum(coverage), label: z.string() })),
})
/** For the assessors of the case alone: a group of one is a person, so the employer never gets a row of it. */
export const DrawPage = z.object({
  head: CaseHead, mayDraw: z.boolean(), rows: z.array(Row), moreRows: z.number().nullable(), foreignWorkers: z.number(), planned: z.number(), draws: z.array(Draw),
  choices: z.object({ nationality: z.array(Choice), programme: z.array(Choice), shift: z.array(Choice), sex: z.array(Choice), dormitory: z.array(Choice) }),
})
export const DrawKept = z.object({ drawId: Id, number: z.number() })
