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
const aloneShare = 0.6
const smallSite = 10

const interviewed = (voice: Voice) => voice.interviewedAlone + voice.interviewedInGroups

/** The sample was held, or everybody who agreed was heard; at least 60 % of them alone (interview_sampling.rules). */
export function interviewsHeld(voice: Voice): boolean {
  const asked = Math.min(voice.sample, voice.workersAgreed)
  return interviewed(voice) >= asked && voice.interviewedAlone >= aloneShare * interviewed(voice)
}

/**
 * decisions.md 3: all foreign workers are invited; then 60 % answers, or with fewer than 10 workers a private interview with each who
 * agreed, or (grading.decision_rule) the interview sample doubled.
 */
export function voiceGate(voice: Voice): boolean {
  if (voice.workersInvited < voice.foreignWorkers) return false
  if (voice.surveyAnswers >= surveyShare * voice.foreignWorkers && voice.surveyAnswers > 0) return true
  if (voice.foreignWorkers < smallSite) return voice.interviewedAlone + voice.surveyAnswers >= voice.workersAgreed
  return interviewed(voice) >= Math.min(voice.foreignWorkers, 2 * voice.sample)
}
