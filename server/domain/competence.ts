// C20, ISO/IEC 17065 6.1.2: what the register keeps about a person, and what a case asks of whoever assesses it.
export const competenceKinds = ['sector', 'language', 'law_training', 'witnessed_audit'] as const
export type CompetenceKind = (typeof competenceKinds)[number]
export type Competence = { kind: CompetenceKind; subject: string; validUntil: string }

/** Who lacks one of these may still be put on the case, with a reason on record. A language that nobody speaks asks for an interpreter. */
export const gapKinds = ['sector', 'law_training', 'witnessed_audit'] as const
export type Gap = (typeof gapKinds)[number]
export type Needed = { industry: string; languages: readonly string[]; on: string }

export const holdsOn = ({ validUntil }: Pick<Competence, 'validUntil'>, day: string) => validUntil >= day

export function gapsOf(competences: readonly Competence[], { industry, on }: Needed): Gap[] {
  const valid = competences.filter(competence => holdsOn(competence, on))
  return gapKinds.filter(kind => !valid.some(one => one.kind === kind && (kind !== 'sector' || one.subject === industry)))
}

export const spokenOf = (competences: readonly Competence[], { languages, on }: Needed): string[] =>
  languages.filter(language => competences.some(one => one.kind === 'language' && one.subject === language && holdsOn(one, on)))

// The language in which most people of a nationality are interviewed, among the sixteen of the standard; of others one asks.
const spokenIn: Record<string, string> = {
  VN: 'vi', CN: 'zh-Hans', TW: 'zh-Hans', HK: 'zh-Hans', MO: 'zh-Hans', SG: 'en', PH: 'fil', NP: 'ne', ID: 'id', MM: 'my', BR: 'pt-BR', PT: 'pt-BR', KR: 'ko', TH: 'th', KH: 'km', LK: 'si', BD: 'bn', MN: 'mn',
  PE: 'es', AR: 'es', BO: 'es', CL: 'es', CO: 'es', MX: 'es', PY: 'es', ES: 'es', US: 'en', CA: 'en', GB: 'en', IE: 'en', AU: 'en', NZ: 'en', IN: 'en', PK: 'en', GH: 'en', KE: 'en', NG: 'en', ZA: 'en', UG: 'en',
}

export const languagesAmong = (populations: readonly { nationality: string }[]): string[] =>
  [...new Set(populations.flatMap(({ nationality }) => spokenIn[nationality] ?? []))].sort()
