// interview_sampling.rules of the standard: forms of interview and how many sit in one.
export const interviewForms = ['single', 'group', 'peer', 'representative'] as const
export type InterviewForm = (typeof interviewForms)[number]

export const peopleIn: Record<InterviewForm, { least: number; most: number }> = {
  single: { least: 1, most: 1 },
  group: { least: 3, most: 5 }, // groups of 3 to 5
  peer: { least: 1, most: 5 },
  representative: { least: 1, most: 5 },
}

// The sixteen languages of the standard; Japanese itself is for peers and the representative. A test keeps the list equal to the standard's.
export const interviewLanguages = ['vi', 'zh-Hans', 'fil', 'ne', 'id', 'my', 'pt-BR', 'ko', 'th', 'en', 'es', 'km', 'si', 'bn', 'mn', 'ja-simple', 'ja'] as const
export type InterviewLanguage = (typeof interviewLanguages)[number]

// What a worker may tap. Saying nothing is always offered: an answer is voluntary (decisions.md 3).
export const workerAnswers = ['yes', 'no', 'help', 'stop', 'hours', 'rather_not'] as const
export type WorkerAnswer = (typeof workerAnswers)[number]

const offered: Record<string, readonly WorkerAnswer[]> = { yes: ['yes', 'no', 'rather_not'], no: ['yes', 'no', 'rather_not'], stop: ['help', 'stop', 'rather_not'] }

/** The answers beside a question of the standard, by the one that counts as a warning sign; `>60` asks for a number of hours. */
export const answersTo = (adverse: string): readonly WorkerAnswer[] => offered[adverse] ?? ['hours', 'rather_not']

// Beside the foreign workers: two Japanese peers in the same job, and the representative of the workers.
export const peers_needed = 2
export const representatives_needed = 1

/** The code to offer next: A-01 after none, then one more than the highest A-code. */
export function nextCode(codes: readonly string[]): string {
  const numbered = codes.map(code => code.split('-')).filter(([letter]) => letter === 'A').map(([, number]) => Number(number))
  return `A-${String(Math.max(0, ...numbered) + 1).padStart(2, '0')}`
}
