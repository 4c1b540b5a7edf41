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

// Beside the foreign workers: two Japanese peers in the same job, and the representative of the workers.
export const peers_needed = 2
export const representatives_needed = 1

/** The code to offer next: A-01 after none, then one more than the highest A-code. */
export function nextCode(codes: readonly string[]): string {
  const numbered = codes.map(code => code.split('-')).filter(([letter]) => letter === 'A').map(([, number]) => Number(number))
  return `A-${String(Math.max(0, ...numbered) + 1).padStart(2, '0')}`
}
