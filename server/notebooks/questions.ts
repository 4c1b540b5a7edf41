import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { interviewLanguages } from '../domain/interviews.ts'
import { standardInForce } from '../standard/queries.ts'

type Spoken = { checked: boolean; texts: Map<string, string> }
const folder = new URL('../../schema/standards/questions/', import.meta.url)

/** The standard's own Japanese and English, and what was translated beside it; a language says whether a speaker has read it. */
export async function questionsIn(db: Db, at: Date) {
  const { content } = await standardInForce(db, japanDate(at))
  const asked = content.criteria.flatMap(({ id, workerQuestion }) => (workerQuestion ? [{ id, ...workerQuestion }] : []))
  const spoken = new Map(interviewLanguages.map(language => [language, spokenIn(language)]))
  return {
    languages: interviewLanguages.map(language => ({ language, checked: language === 'ja' || language === 'en' || (spoken.get(language)?.checked ?? false) })),
    questions: asked.map(({ id, ja, en, adverse }) => ({
      criterion: id, adverse,
      texts: { ja, en, ...Object.fromEntries([...spoken].flatMap(([language, { texts }]) => (texts.has(id) ? [[language, texts.get(id) ?? '']] : []))) },
    })),
  }
}

function spokenIn(language: string): Spoken {
  const file = new URL(`${language}.json`, folder)
  if (!existsSync(folder) || !readdirSync(folder).includes(`${language}.json`)) return { checked: false, texts: new Map() }
  const written = JSON.parse(readFileSync(file, 'utf8')) as { checked?: boolean; questions?: Record<string, string> }
  return { checked: written.checked === true, texts: new Map(Object.entries(written.questions ?? {})) }
}
