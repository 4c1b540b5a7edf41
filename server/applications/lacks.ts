import { unsignedAgreements } from '../agreements/queries.ts'
import type { Db } from '../adapters/database.ts'
import type { Asked } from '../answers/queries.ts'
import { isAnswered } from '../domain/answering.ts'
import { placeOf } from '../employers/page.ts'
import { missingFromProfile } from '../employers/queries.ts'
import { translate, type Locale } from '../http/locale.ts'
import type { Case } from './case.ts'

export type Lack = { group: 'profile' | 'agreements' | 'answers' | 'evidence'; items: { label: string; href: string }[] }

/** What stands between the employer and submission, each with the page where it is put right; empty groups are left out. */
export async function lacksOf(db: Db, { id, employerId }: Case, asked: readonly Asked[], locale: Locale): Promise<Lack[]> {
  const toAnswer = (criterion: Asked) => ({ label: `${criterion.id} ${locale === 'ja' ? criterion.titleJa : criterion.titleEn}`, href: `/applications/${id}/answers/${criterion.id}` })
  const lacks: Lack[] = [
    { group: 'profile', items: (await missingFromProfile(db, employerId)).map(field => ({ label: translate(locale, `employers.missing_${field}`), href: `/employer#${placeOf[field]}` })) },
    { group: 'agreements', items: (await unsignedAgreements(db, employerId)).map(kind => ({ label: translate(locale, `agreements.${kind}`), href: `/agreements/${kind}` })) },
    { group: 'answers', items: asked.filter(({ state }) => !isAnswered(state)).map(toAnswer) },
    { group: 'evidence', items: asked.filter(({ state }) => state === 'needs_document').map(toAnswer) },
  ]
  return lacks.filter(({ items }) => items.length > 0)
}
