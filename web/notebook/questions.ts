import { ask, isOk } from './ask.ts'

export type Questions = { languages: { language: string; checked: boolean }[]; questions: { criterion: string; adverse: string; texts: Record<string, string> }[] }
export const none: Questions = { languages: [], questions: [] }
export const answers = ['yes', 'no', 'not_said'] as const

export async function fetchQuestions(): Promise<Questions | null> {
  const answer = await ask('/notebook/questions')
  return isOk(answer) ? answer.body as Questions : null
}

/** A language in its own words, as the worker will look for it. */
export const inOwnWords = (language: string): string => (language === 'ja-simple' ? 'やさしい にほんご' : new Intl.DisplayNames([language], { type: 'language', languageDisplay: 'standard' }).of(language) ?? language)

export const isAdverse = (adverse: string, answer: string) => adverse === answer
