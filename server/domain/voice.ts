// The workers' side of a case: were they asked, were they heard. Counts only; who refused is never known (decisions.md 3).
export type Voice = {
  foreignWorkers: number
  surveyAnswers: number
  workersInvited: number
  workersAgreed: number
  interviewedAlone: number    // people in single interviews
  interviewedInGroups: number // people in group interviews
  sample: number              // interviews that the sampling table asks for
}

const surveyShare = 0.6
const aloneOf = (people: number) => (people * 3) / 5 // 60 %, without the rounding of 0.6
const smallSite = 10

/** Foreign workers who were interviewed, alone or in a group. */
export const heardOf = (voice: Voice): number => voice.interviewedAlone + voice.interviewedInGroups

/** How many interviews there must be: the sample, or everybody who agreed when fewer did. */
export const askedOf = (voice: Voice): number => Math.min(voice.sample, voice.workersAgreed)

/** How many of those heard must have been heard alone (interview_sampling.rules: at least 60 % one-to-one). */
export const aloneNeeded = (voice: Voice): number => Math.ceil(aloneOf(Math.max(askedOf(voice), heardOf(voice))))

/** The sample was held, or everybody who agreed was heard; at least 60 % of them alone (interview_sampling.rules). */
export function interviewsHeld(voice: Voice): boolean {
  return heardOf(voice) >= askedOf(voice) && voice.interviewedAlone >= aloneOf(heardOf(voice))
}

/**
 * decisions.md 3: all foreign workers are invited; then 60 % answers, or with fewer than 10 workers a private interview with each who
 * agreed, or (grading.decision_rule) the interview sample doubled.
 */
export function voiceGate(voice: Voice): boolean {
  if (voice.workersInvited < voice.foreignWorkers) return false
  if (voice.surveyAnswers >= surveyShare * voice.foreignWorkers && voice.surveyAnswers > 0) return true
  if (voice.foreignWorkers < smallSite) return voice.interviewedAlone + voice.surveyAnswers >= voice.workersAgreed
  // somebody heard alone and in a group is one voice: never more than agreed
  return Math.min(heardOf(voice), voice.workersAgreed) >= Math.min(voice.foreignWorkers, 2 * voice.sample)
}
