import type { z } from 'zod'
import type { Criterion } from '../../schema/standard-criterion.ts'
import type { CriterionPage, SectionPage, StandardPage } from '../../schema/standard-shapes.ts'
import type { CalendarDate } from '../domain/calendar.ts'
import type { Refusal } from '../domain/refusal.ts'
import { criterionText, sectionOf } from './criterion-text.ts'
import type { Standard } from './queries.ts'

export function standardPage({ content, ...standard }: Standard): z.infer<typeof StandardPage> {
  const { criteria, sections, grading, meta } = content
  const counted = sections.map(section => {
    const inside = criteria.filter(criterion => criterion.section === section.id)
    return { ...section, criteria: inside.length, graded: graded(inside) }
  })
  return {
    about: { ...standard, titleJa: meta.titleJa, titleEn: meta.titleEn }, criteria: criteria.length, graded: graded(criteria), sections: counted,
    rule: { maxOpenMinor: grading.decisionRule.maxOpenMinor, validityMonths: grading.validityMonths },
  }
}

export function sectionPage({ content, ...standard }: Standard, id: string): z.infer<typeof SectionPage> | Refusal {
  const { sections, criteria, meta } = content
  const place = sections.findIndex(section => section.id === id)
  const section = sections[place]
  if (!section) return { refused: 'not_found' }
  return {
    about: { ...standard, titleJa: meta.titleJa, titleEn: meta.titleEn }, section, maps: section.mapsTo, criteria: criteria.filter(criterion => criterion.section === id),
    previous: sections[place - 1]?.id ?? null, next: sections[place + 1]?.id ?? null,
  }
}

export function criterionPage({ content, ...standard }: Standard, id: string, today: CalendarDate): z.infer<typeof CriterionPage> | Refusal {
  const { criteria, grading, meta } = content
  const place = criteria.findIndex(criterion => criterion.id === id)
  const written = criteria[place]
  const criterion = criterionText(content, id, today)
  if (!written || !criterion) return { refused: 'not_found' }
  const clock = grading.findingGrades.find(({ grade }) => grade === criterion.criticality)
  return {
    about: { ...standard, titleJa: meta.titleJa, titleEn: meta.titleEn }, section: sectionOf(content, written), criterion, today,
    previous: criteria[place - 1]?.id ?? null, next: criteria[place + 1]?.id ?? null,
    clock: {
      planDays: clock?.planDays ?? null, evidenceDays: clock?.evidenceDays ?? null, protectionHours: clock?.workerProtectionPlanHours ?? null,
      containmentDays: clock?.containmentDays ?? null, verifiedDays: clock?.remediationVerifiedDays ?? null,
    },
  }
}

function graded(criteria: readonly Criterion[]) {
  const count = (grade: Criterion['criticality']) => criteria.filter(({ criticality }) => criticality === grade).length
  return { zeroTolerance: count('zero_tolerance'), major: count('major'), minor: count('minor') }
}
