import { addDays, endOfDay, japanDate } from './calendar.ts'

export const grades = ['zero_tolerance', 'major', 'minor', 'collaborative', 'observation'] as const
export type Grade = (typeof grades)[number]

/** One row of the standard's grading table. */
export type Clock = {
  grade: Grade
  alertHours?: number | undefined
  workerProtectionPlanHours?: number | undefined
  containmentDays?: number | undefined
  remediationVerifiedDays?: number | undefined
  planDays?: number | undefined
  evidenceDays?: number | undefined
  verifyDaysAfterEvidence?: number | undefined
}

export type FindingDues = {
  alertDue?: Date; protectionPlanDue?: Date; planDue?: Date; containmentDue?: Date; evidenceDue?: Date; verifiedDue?: Date
}

/**
 * When everything about a finding is due. Hours run exactly; days end with the day in Japan, the day of raising not counted.
 * A grade without clocks has no dues. Throws RangeError when the table lacks the grade.
 */
export function dueDates(grade: Grade, raisedAt: Date, clocks: readonly Clock[]): FindingDues {
  const clock = clocks.find(row => row.grade === grade)
  if (!clock) throw new RangeError(`no clock for ${grade}`)
  const raisedOn = japanDate(raisedAt)
  const afterHours = (hours?: number) => (hours === undefined ? undefined : new Date(raisedAt.getTime() + hours * 3_600_000))
  const afterDays = (days?: number) => (days === undefined ? undefined : endOfDay(addDays(raisedOn, days)))
  return known({
    alertDue: afterHours(clock.alertHours),
    protectionPlanDue: afterHours(clock.workerProtectionPlanHours),
    planDue: afterDays(clock.planDays),
    containmentDue: afterDays(clock.containmentDays),
    evidenceDue: afterDays(clock.evidenceDays),
    verifiedDue: afterDays(clock.remediationVerifiedDays ?? afterEvidence(clock)),
  })
}

const afterEvidence = ({ evidenceDays, verifyDaysAfterEvidence }: Clock) =>
  evidenceDays === undefined || verifyDaysAfterEvidence === undefined ? undefined : evidenceDays + verifyDaysAfterEvidence

const known = (dues: { [Due in keyof FindingDues]: Date | undefined }): FindingDues =>
  Object.fromEntries(Object.entries(dues).filter(([, due]) => due !== undefined))

/** `open`: not yet verified closed. `planAccepted`: the assessor has accepted the corrective action. */
export type JudgedFinding = { id: string; criterion: string; grade: Grade; open: boolean; planAccepted: boolean }
export type DecisionRule = { openZeroTolerance: number; openMajor: number; maxOpenMinor: number }

export const blocks = ['open_zero_tolerance', 'open_major', 'minors_make_a_major', 'too_many_minors', 'minor_without_accepted_plan'] as const
export type Block = { block: (typeof blocks)[number]; findings: string[] }

// Grading, escalation: five open minors in one section count as one major.
const minors_in_a_section = 5

// The decision rule of version 0.1.0, used unless the standard in force is given; a test keeps the two equal.
const usualRule: DecisionRule = { openZeroTolerance: 0, openMajor: 0, maxOpenMinor: 6 }

/**
 * Why the open findings stand in the way of a certificate; nothing stands in the way when empty.
 * decisions.md 2: a disclosed fee debt is a minor with the repayment plan as its corrective action, so an unaccepted plan blocks.
 */
export function blocking(findings: readonly JudgedFinding[], rule: DecisionRule = usualRule): Block[] {
  const open = findings.filter(finding => finding.open)
  const zeroTolerance = open.filter(({ grade }) => grade === 'zero_tolerance')
  const major = open.filter(({ grade }) => grade === 'major')
  const minor = open.filter(({ grade }) => grade === 'minor')
  const crowded = minor.filter(one => minor.filter(other => sectionOf(other) === sectionOf(one)).length >= minors_in_a_section)
  const unplanned = minor.filter(({ planAccepted }) => !planAccepted)
  const table: readonly (readonly [Block['block'], readonly JudgedFinding[], boolean])[] = [
    ['open_zero_tolerance', zeroTolerance, zeroTolerance.length > rule.openZeroTolerance],
    ['open_major', major, major.length > rule.openMajor],
    ['minors_make_a_major', crowded, crowded.length > 0],
    ['too_many_minors', minor, minor.length > rule.maxOpenMinor],
    ['minor_without_accepted_plan', unplanned, unplanned.length > 0],
  ]
  return table.filter(([, , stands]) => stands).map(([block, causes]) => ({ block, findings: causes.map(({ id }) => id) }))
}

/** RE-03.1 → S03 */
const sectionOf = ({ criterion }: Pick<JudgedFinding, 'criterion'>) => `S${criterion.slice(3, 5)}`

type Aging = Pick<JudgedFinding, 'id' | 'criterion' | 'grade' | 'open'> & { raisedAt: Date }

/** Grading, escalation: which open minors become major; those raised before the visit, then of a section with five the newest. */
export function risen(findings: readonly Aging[], { visitedAt }: { visitedAt: Date | null }): { id: string; escalation: 'aged' | 'gathered' }[] {
  const minors = findings.filter(({ grade, open }) => open && grade === 'minor')
  const aged = visitedAt ? minors.filter(({ raisedAt }) => raisedAt <= visitedAt) : []
  const rest = minors.filter(one => !aged.includes(one)), newestOf = new Map<string, Aging>()
  for (const section of new Set(rest.map(one => sectionOf(one)))) {
    const here = rest.filter(one => sectionOf(one) === section).toSorted((one, other) => other.raisedAt.getTime() - one.raisedAt.getTime() || (one.id < other.id ? 1 : -1))
    if (here.length >= minors_in_a_section && here[0]) newestOf.set(section, here[0])
  }
  return [...aged.map(({ id }) => ({ id, escalation: 'aged' as const })), ...[...newestOf.values()].map(({ id }) => ({ id, escalation: 'gathered' as const }))]
}
