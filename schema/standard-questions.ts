import { z } from 'zod'
import { interviewLanguages, workerAnswers } from '../server/domain/interviews.ts'

const words = z.string().trim().min(1)
const criterion = z.string().regex(/^RE-\d\d\.\d+$/)
const answers = z.record(z.enum(workerAnswers), words)

// decisions.md 10. `checked` null: the language the others were made from, whose questions the standard itself has.
const Original = z.strictObject({ standard: words, name: words, checked: z.null(), promise: words, answers })
const Translated = z.strictObject({ standard: words, name: words, checked: z.boolean(), by: words, at: z.iso.date(), promise: words, answers, questions: z.record(criterion, words) })

/** schema/standards/questions/LANGUAGE.json. A version of the standard never changes, so a translation names the one it was made from. */
export const QuestionsFile = z.union([Original, Translated])
export type QuestionsFile = z.infer<typeof QuestionsFile>

/** What an assessor shows a worker, in one language; `language` of a question: the one it really is in, where the asked one has no translation yet. */
export const WorkerQuestions = z.object({
  language: z.enum(interviewLanguages), name: z.string(), checked: z.boolean().nullable(), by: z.string(), at: z.iso.date().nullable(), promise: z.string(), answers,
  questions: z.array(z.object({ criterion: z.string(), language: z.enum(interviewLanguages), text: z.string(), offered: z.array(z.enum(workerAnswers)), adverse: z.string() })),
})
export type WorkerQuestions = z.infer<typeof WorkerQuestions>
