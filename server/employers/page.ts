import type { z } from 'zod'
import type { EmployerPage } from '../../schema/employer-shapes.ts'
import { unsignedAgreements } from '../agreements/queries.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { industries } from '../domain/industries.ts'
import { nationalities, nationalityNamed } from '../domain/nationalities.ts'
import { prefectures } from '../domain/prefectures.ts'
import { missingFrom, profileFields, type ProfileField } from '../domain/profile.ts'
import { residenceStatusNamed, statusesOn } from '../domain/residence-statuses.ts'
import type { Locale } from '../http/locale.ts'
import { employerById, peopleAndPlaces } from './queries.ts'

type Page = z.infer<typeof EmployerPage>
type Listed = { value: string; ja: string; en: string }

const nobody = { nameJa: '', nameKana: '', nameLatin: '', corporateNumber: null, prefecture: '', addressJa: '', industry: '', workers: 0, representative: '', phone: '', version: 0 }

/** Where on the company page each missing thing is filled in. */
export const placeOf = {
  ...Object.fromEntries(profileFields.map(field => [field, `field-company-${field}`])), workplace: 'places', foreignWorkers: 'people', moreForeignThanAll: 'people',
} as Record<ProfileField, string>

/** Everything that the company page shows; an empty one for who belongs to no company yet. */
export async function employerPage(db: Db, employerId: string | null, locale: Locale, now: Date): Promise<Page> {
  const { version, ...row } = employerId ? await employerById(db, employerId) : nobody
  const { sites, populations } = employerId ? await peopleAndPlaces(db, employerId) : { sites: [], populations: [] }
  const company = { ...row, corporateNumber: row.corporateNumber ?? '' }
  const foreignWorkers = populations.reduce((sum, { people }) => sum + people, 0)
  const labelled = populations.map(population => ({ ...population, label: `${nationalityNamed(population.nationality)[locale]} / ${residenceStatusNamed(population.residenceStatus)[locale]}` }))
  const missing = missingFrom({ ...company, foreignWorkers, sites })
  const fields = profileFields.length - 1 // the last one is a contradiction, no field
  return {
    known: employerId !== null, version, company, foreignWorkers, sites, populations: labelled, bars: labelled.map(({ label, people }) => ({ label, value: people })),
    missing, fields, present: Math.max(0, fields - missing.length), places: placeOf, unsigned: employerId ? await unsignedAgreements(db, employerId) : [],
    choices: choicesIn(locale, now),
  }
}

const choicesIn = (locale: Locale, now: Date): Page['choices'] => ({
  prefectures: inLanguage(prefectures, locale), industries: inLanguage(industries, locale),
  nationalities: inLanguage(nationalities, locale), residenceStatuses: inLanguage(statusesOn(japanDate(now)), locale),
})

const inLanguage = (list: readonly Listed[], locale: Locale) => list.map(item => ({ value: item.value, label: item[locale] }))
