import type { CalendarDate } from './calendar.ts'

export type Programme = 'technical_intern' | 'skill_development' | 'specified_skilled'
export type ResidenceStatus = { value: string; ja: string; en: string; programme: Programme | null; from: CalendarDate | null }

// Statuses of residence with which people are employed (Immigration Control and Refugee Recognition Act, tables 1 and 2).
// A programme brings duties of its own: standard, applies_to: programme_workers.
export const residenceStatuses: readonly ResidenceStatus[] = ([
  ['technical_intern', '技能実習', 'Technical intern training', 'technical_intern'],
  ['skill_development', '育成就労', 'Skill development employment', 'skill_development', '2027-04-01'],
  ['specified_skilled_1', '特定技能1号', 'Specified skilled worker (i)', 'specified_skilled'],
  ['specified_skilled_2', '特定技能2号', 'Specified skilled worker (ii)', 'specified_skilled'],
  ['engineer', '技術・人文知識・国際業務', 'Engineer, specialist in humanities, international services'],
  ['skilled_labour', '技能', 'Skilled labour'],
  ['care_worker', '介護', 'Nursing care'],
  ['intra_company', '企業内転勤', 'Intra-company transferee'],
  ['highly_skilled', '高度専門職', 'Highly skilled professional'],
  ['other_professional', 'その他の専門的・技術的分野', 'Other professional or technical status'],
  ['designated_activities', '特定活動', 'Designated activities'],
  ['student', '留学(資格外活動)', 'Student (permitted part-time work)'],
  ['dependent', '家族滞在(資格外活動)', 'Dependent (permitted part-time work)'],
  ['permanent_resident', '永住者', 'Permanent resident'],
  ['spouse_of_japanese', '日本人の配偶者等', 'Spouse or child of a Japanese national'],
  ['spouse_of_permanent_resident', '永住者の配偶者等', 'Spouse or child of a permanent resident'],
  ['long_term_resident', '定住者', 'Long-term resident'],
] as [string, string, string, Programme?, CalendarDate?][]).map(([value, ja, en, programme = null, from = null]) => ({ value, ja, en, programme, from }))

/** Its names; a code that the list no longer has stands for itself. */
export const residenceStatusNamed = (code: string): { ja: string; en: string } => residenceStatuses.find(({ value }) => value === code) ?? { ja: code, en: code }

/** The statuses that exist on a day. */
export const statusesOn = (today: CalendarDate) => residenceStatuses.filter(({ from }) => from === null || from <= today)

/** The programmes under which some of these people work, each once, in the order of the table above. */
export function programmesOf(populations: readonly { residenceStatus: string }[]): Programme[] {
  const held = new Set(populations.map(({ residenceStatus }) => residenceStatus))
  return [...new Set(residenceStatuses.filter(({ value }) => held.has(value)).flatMap(({ programme }) => programme ?? []))]
}
