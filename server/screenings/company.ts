import type { z } from 'zod'
import type { Scope } from '../../schema/applications.ts'
import type { ScreeningPage } from '../../schema/screening-forms.ts'
import { industryNamed } from '../domain/industries.ts'
import { nationalities } from '../domain/nationalities.ts'
import { residenceStatuses } from '../domain/residence-statuses.ts'

type Company = NonNullable<z.infer<typeof ScreeningPage>['company']>
type Word = { value: string; ja: string; en: string }

/** The company as it was submitted, its codes in words. */
export const companyOf = ({ industry, populations, ...scope }: Scope): Company => ({
  ...scope, industry: industryNamed(industry),
  populations: populations.map(({ nationality, residenceStatus, people }) => ({ nationality: named(nationalities, nationality), residenceStatus: named(residenceStatuses, residenceStatus), people })),
})

// An application outlives the list it was filled in from: a code that has left the list stands for itself.
function named(words: readonly Word[], value: string) {
  const word = words.find(one => one.value === value)
  return { nameJa: word?.ja ?? value, nameEn: word?.en ?? value }
}
