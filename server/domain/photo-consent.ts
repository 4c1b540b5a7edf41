/** What lets a photo into a report: nobody can be recognised on it, or whoever can be agreed to that (C34, APPI 27). */
export const photoConsents = ['nobody', 'agreed'] as const
/** What an assessor is asked. Without an answer a photo stays out. */
export const photoAnswers = ['none', ...photoConsents] as const
export type PhotoConsent = (typeof photoConsents)[number]

export const isConsent = (answer: string): answer is PhotoConsent => (photoConsents as readonly string[]).includes(answer)
