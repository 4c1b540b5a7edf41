import { asc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { Scope } from '../../schema/applications.ts'
import { most_groups, nowhere, type DrawPage, type GroupsDraft } from '../../schema/draw-shapes.ts'
import { interviewDraws } from '../../schema/draws.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import { coverage, sexes, shifts, type Aspect } from '../domain/draw.ts'
import { nationalities } from '../domain/nationalities.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { residenceStatuses } from '../domain/residence-statuses.ts'
import { translate, type Locale } from '../http/locale.ts'
import type { Viewer } from '../http/viewer.ts'
import { visitOf } from '../visits/queries.ts'
import { drawable } from './draw.ts'
import { drawFrom, peopleIn, Population } from './population.ts'

type Page = z.infer<typeof DrawPage>
type Asked = { typed: z.infer<typeof GroupsDraft>; locale: Locale; now: Date }

/** The draws of a case, for its assessors and for nobody else; each is drawn again from what is stored, and says whether it came out the same. */
export async function drawPage(db: Db, id: string, viewer: Viewer, { typed, locale, now }: Asked): Promise<Page | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'assessor')
  if (isRefusal(theCase)) return theCase
  const choices = choicesIn(locale, theCase.scope), kept = await drawsOf(db, id)
  const labelled = (aspect: Aspect, value: string) => choices[aspect].find(choice => choice.value === value)?.label ?? value
  const draws = await Promise.all(kept.toReversed().map(async ({ population, drawn, uncovered, ...draw }) => ({
    ...draw, ...headCountsOf(population), again: same(await drawFrom(db, population, draw.seed, draw.algorithm), { size: draw.size, drawn, uncovered }),
    drawn: drawn.map((person, index) => ({ ...person, ...labels(person, labelled), code: `A-${String(index + 1).padStart(2, '0')}` })),
    uncovered: uncovered.map(({ aspect, value }) => ({ aspect, label: labelled(aspect, value) })),
  })))
  const rows = rowsFrom(typed, kept.at(-1)?.population, theCase.scope)
  return {
    head: headOf(theCase, now), mayDraw: drawable.includes(theCase.stage), rows, moreRows: rows.length < most_groups ? Math.min(most_groups, rows.length + 6) : null,
    foreignWorkers: theCase.scope?.foreignWorkers ?? 0, planned: (await visitOf(db, id))?.interviewsPlanned ?? 0, draws, choices,
  }
}

const drawsOf = (db: Db, id: string) => db.select({
  number: interviewDraws.number, at: interviewDraws.drawnAt, by: people.name, reason: interviewDraws.reason, seed: interviewDraws.seed, algorithm: interviewDraws.algorithm, population: interviewDraws.population,
  populationSha256: interviewDraws.populationSha256, size: interviewDraws.size, drawn: interviewDraws.drawn, uncovered: interviewDraws.uncovered,
}).from(interviewDraws).innerJoin(people, eq(people.id, interviewDraws.drawnBy)).where(eq(interviewDraws.applicationId, id)).orderBy(asc(interviewDraws.number))

function headCountsOf(population: string) {
  const { groups, told, difference } = Population.parse(JSON.parse(population))
  return { people: peopleIn(groups), told: told ?? null, difference: difference ?? '' }
}

type Outcome = { size: number; drawn: { place: number }[]; uncovered: unknown[] }
const same = (one: Outcome | null, other: Outcome) => one !== null && one.size === other.size && one.uncovered.length === other.uncovered.length && one.drawn.map(({ place }) => place).join() === other.drawn.map(({ place }) => place).join()
const labels = (person: Record<Aspect, string>, labelled: (aspect: Aspect, value: string) => string) => Object.fromEntries(coverage.map(aspect => [aspect, labelled(aspect, person[aspect])])) as Record<Aspect, string>

/** What is typed, else the head counts of the last draw, else those of the application; a few empty rows to go on with. */
function rowsFrom(typed: Asked['typed'], last: string | undefined, scope: Scope | null): Page['rows'] {
  const told = last ? Population.parse(JSON.parse(last)).groups : (scope?.populations ?? []).map(({ nationality, residenceStatus, people }) => ({ nationality, programme: residenceStatus, shift: '', sex: '', dormitory: '', people }))
  const cells = typed as Record<string, string | undefined>
  return Array.from({ length: Math.min(most_groups, typed.rows ?? Math.max(6, told.length + 3)) }, (_, index) => {
    const cell = (name: Aspect | 'people') => (typed.rows ? cells[`${name}_${index + 1}`] ?? '' : String(told[index]?.[name] ?? ''))
    return { number: index + 1, nationality: cell('nationality'), programme: cell('programme'), shift: cell('shift'), sex: cell('sex'), dormitory: cell('dormitory'), people: cell('people') }
  })
}

const choicesIn = (locale: Locale, scope: Scope | null): Page['choices'] => ({
  nationality: nationalities.map(one => ({ value: one.value, label: one[locale] })), programme: residenceStatuses.map(one => ({ value: one.value, label: one[locale] })),
  shift: shifts.map(value => ({ value, label: translate(locale, `draws.shift_${value}`) })), sex: sexes.map(value => ({ value, label: translate(locale, `draws.sex_${value}`) })),
  dormitory: [...(scope?.sites ?? []).filter(({ kind }) => kind === 'housing').map(({ id, nameJa }) => ({ value: id, label: nameJa })), { value: nowhere, label: translate(locale, 'draws.elsewhere') }],
})
