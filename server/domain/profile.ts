/** What the scheme must know of a company before anybody can assess it. */
export type Profile = {
  nameJa: string; nameKana: string; nameLatin: string; corporateNumber: string; prefecture: string; addressJa: string; industry: string
  workers: number; foreignWorkers: number; sites: readonly { kind: string }[]
}

export const profileFields = [
  'nameJa', 'nameKana', 'nameLatin', 'corporateNumber', 'prefecture', 'addressJa', 'industry', 'workers', 'workplace', 'foreignWorkers', 'moreForeignThanAll',
] as const
export type ProfileField = (typeof profileFields)[number]

const words = ['nameJa', 'nameKana', 'nameLatin', 'corporateNumber', 'prefecture', 'addressJa', 'industry'] as const

/** What is still missing, in the order of the form; `moreForeignThanAll` is a count that cannot be. */
export function missingFrom(profile: Profile): ProfileField[] {
  const { workers, foreignWorkers, sites } = profile
  return [
    ...words.filter(field => profile[field] === ''),
    ...(workers === 0 ? ['workers' as const] : []),
    ...(sites.some(({ kind }) => kind === 'workplace') ? [] : ['workplace' as const]),
    ...(foreignWorkers === 0 ? ['foreignWorkers' as const] : []),
    ...(workers > 0 && foreignWorkers > workers ? ['moreForeignThanAll' as const] : []),
  ]
}
