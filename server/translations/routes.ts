import { Translations } from '../../schema/translations.ts'
import { coverage, languageNames, publicLocales, translations } from '../http/locale.ts'
import type { App } from '../http/server.ts'

// decisions.md 10: a translation that no speaker has checked is known as such, to programs and to the people who run the register.
const languages = publicLocales.map(locale => {
  const { checked = null, by = '', at = null } = translations[locale] ?? {}
  return { locale, name: languageNames[locale], checked, by, at, ...coverage(locale) }
})

export function translationRoutes(app: App) {
  app.get('/translations', { config: { may: ['operator'], operation: 'translations.show', page: 'translations/show' }, schema: { response: { 200: Translations } } }, () => ({ languages }))
}
