import { Translations } from '../../schema/translations.ts'
import { japanDate } from '../domain/calendar.ts'
import { interviewLanguages } from '../domain/interviews.ts'
import { coverage, languageNames, publicLocales, translations } from '../http/locale.ts'
import type { App } from '../http/server.ts'
import { standardInForce, type Standard } from '../standard/queries.ts'
import { workerQuestions } from '../standard/questions.ts'
import type { World } from '../world.ts'

// decisions.md 10: a translation that no speaker has checked is known as such, to programs and to the people who run the register.
const languages = publicLocales.map(locale => {
  const { checked = null, by = '', at = null } = translations[locale] ?? {}
  return { locale, name: languageNames[locale], checked, by, at, ...coverage(locale) }
})

export function translationRoutes(app: App, { database: { db }, now }: World) {
  app.get('/translations', { config: { may: ['operator'], operation: 'translations.show', page: 'translations/show' }, schema: { response: { 200: Translations } } },
    async () => {
      const questions = questionsOf(await standardInForce(db, japanDate(now())))
      const open = questions.filter(({ checked }) => checked === false)
      return { languages, questions, unchecked: { languages: open.length, sentences: open.reduce((sum, { written }) => sum + written, 0) } }
    })
}

const questionsOf = (standard: Standard) => interviewLanguages.map(locale => {
  const { name, checked, by, at, questions } = workerQuestions(standard, locale)
  return { locale, name, checked, by, at, written: questions.filter(({ language }) => language === locale).length, of: questions.length }
})
