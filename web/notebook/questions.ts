import { ask, isOk } from './ask.ts'
import type { SpokenQuestions } from './wire.ts'

/** What workers are asked, in every language that there is. */
export type Questions = SpokenQuestions[]

export async function fetchQuestions(): Promise<Questions | null> {
  const answer = await ask('/notebook/questions')
  return isOk(answer) ? (answer.body as { languages: Questions }).languages : null
}

/** Whether an answer is a warning sign: the one that the standard names, or more hours than it names. */
export const isAdverse = (adverse: string, answer = ''): boolean => (adverse.startsWith('>') ? Number(answer) > Number(adverse.slice(1)) : adverse === answer)
