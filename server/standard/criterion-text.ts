import type { z } from 'zod'
import type { CriterionText } from '../../schema/answer-shapes.ts'
import type { Criterion, LegalLine } from '../../schema/standard-criterion.ts'
import type { StandardDocument } from '../../schema/standard-document.ts'
import { lawOn } from '../domain/applicability.ts'
import type { CalendarDate } from '../domain/calendar.ts'

/** A criterion as people read it, with the law of the day. */
export function criterionText({ criteria, laws }: StandardDocument, id: string, today: CalendarDate): z.infer<typeof CriterionText> | null {
  const criterion = criteria.find(candidate => candidate.id === id)
  if (!criterion) return null
  const { inForce, later } = lawOn(criterion.legalBasis, today)
  const { titleJa, titleEn, requirementJa, requirementEn, criticality, internationalBasis, dhaka, appliesTo, coreForMicro, version } = criterion
  return {
    id, titleJa, titleEn, requirementJa, requirementEn, criticality, internationalBasis, dhaka, appliesTo, coreForMicro, version,
    law: inForce.map(line => withName(line, laws)), lawLater: later.map(line => withName(line, laws)), lawNote: criterion.legalBasisNote ?? null,
    evidence: criterion.evidence.map(inBoth), methods: criterion.auditMethods, workerQuestion: criterion.workerQuestion ?? null,
  }
}

export const sectionOf = ({ sections }: StandardDocument, criterion: Pick<Criterion, 'section'>) => {
  const section = sections.find(({ id }) => id === criterion.section)
  if (!section) throw new Error(`no section ${criterion.section}`)
  return section
}

function withName({ law, article, note, effectiveFrom, verify }: LegalLine, laws: StandardDocument['laws']) {
  const name = laws[law]
  if (!name) throw new Error(`no law ${law}`)
  return { nameJa: name.ja, nameEn: name.en, article: article === '-' ? '' : article, numbered: /^\d/.test(article), note: note ?? null, effectiveFrom: effectiveFrom ?? null, verify }
}

// The file writes 賃金台帳 (wage ledger); where no English stands in brackets the Japanese name is what the document is called.
function inBoth(name: string) {
  const [, ja, en] = /^(.+?) \(([\x20-\x7e]+)\)$/.exec(name) ?? []
  return { ja: ja ?? name, en: en ?? null }
}
