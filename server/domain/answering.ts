// How far the employer is with one criterion. The same rule tells the employer what is missing and the lifecycle whether to submit.
export const answerValues = ['yes', 'partly', 'no', 'not_applicable'] as const
export type AnswerValue = (typeof answerValues)[number]
export const answerStates = ['open', 'needs_reason', 'needs_document', 'complete'] as const
export type AnswerState = (typeof answerStates)[number]

export function answerState(given: { answer: AnswerValue | null; reason: string } | undefined, { needsDocument, attached }: { needsDocument: boolean; attached: boolean }): AnswerState {
  if (!given?.answer) return 'open'
  if (given.answer === 'not_applicable') return given.reason === '' ? 'needs_reason' : 'complete'
  return needsDocument && !attached && given.answer !== 'no' ? 'needs_document' : 'complete' // a no claims nothing that a document could show
}

/** An answer was given, whether or not a document is still to come. */
export const isAnswered = (state: AnswerState) => state === 'complete' || state === 'needs_document'
