import { readFileSync } from 'node:fs'
import type { WorkerQuestion } from '../../schema/standard-criterion.ts'
import { QuestionsFile, type WorkerQuestions } from '../../schema/standard-questions.ts'
import { answersTo, interviewLanguages, type InterviewLanguage } from '../domain/interviews.ts'
import { bracketed } from '../http/readings.ts'
import type { Standard } from './queries.ts'

const folder = new URL('../../schema/standards/questions/', import.meta.url)
const files = Object.fromEntries(interviewLanguages.map(language => [language, read(language)])) as Record<InterviewLanguage, QuestionsFile>

/** The questions to workers of a version of the standard, in a language of an interview. Words that no speaker has checked say so (decisions.md 10). */
export function workerQuestions({ id, content }: Pick<Standard, 'id' | 'content'>, language: InterviewLanguage): WorkerQuestions {
  const file = files[language]
  const { name, checked, promise, answers } = file
  const questions = content.criteria.flatMap(({ id: criterion, workerQuestion }) => {
    if (!workerQuestion) return []
    const { adverse } = workerQuestion
    return [{ criterion, ...said(file, language, { standard: id, criterion, workerQuestion }), offered: [...answersTo(adverse)], adverse }]
  })
  const made = file.checked === null ? { by: '', at: null } : { by: file.by, at: file.at }
  return { language, name, checked, ...made, promise: bracketed(promise), answers: mapped(answers), questions }
}

type Asked = { standard: string; criterion: string; workerQuestion: WorkerQuestion }

// A translation counts for the version that it was made from; else a worker reads English, and of easy Japanese Japanese.
function said(file: QuestionsFile, language: InterviewLanguage, { standard, criterion, workerQuestion }: Asked): { language: InterviewLanguage; text: string } {
  if (language === 'ja' || language === 'en') return { language, text: workerQuestion[language] }
  const translated = file.checked !== null && file.standard === standard ? file.questions[criterion] : undefined
  if (translated) return { language, text: bracketed(translated) }
  const original = language === 'ja-simple' ? 'ja' : 'en'
  return { language: original, text: workerQuestion[original] }
}

const mapped = (answers: WorkerQuestions['answers']) => Object.fromEntries(Object.entries(answers).map(([answer, written]) => [answer, bracketed(written)])) as WorkerQuestions['answers']

function read(language: InterviewLanguage): QuestionsFile {
  return QuestionsFile.parse(JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8')))
}
