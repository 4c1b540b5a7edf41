import { parseArgs } from 'node:util'
import { isCalendarDate, type CalendarDate } from '../../server/domain/calendar.ts'

export type Language = 'ja' | 'en'
export type Options = { file: string | null; offline: string | null; url: string | null; on: CalendarDate | null; checkpoint: string | null; root: string | null; lang: Language; json: boolean }

/** What was asked, or 'usage' when it cannot be understood. */
export function readOptions(args: string[], { LC_ALL, LANG }: { LC_ALL?: string | undefined; LANG?: string | undefined }): Options | 'usage' {
  const read = parsed(args)
  if (!read || read.positionals.length > 1 || read.values.help) return 'usage'
  const { offline = null, url = null, on = null, checkpoint = null, root = null, lang, json = false } = read.values
  const [file = null] = read.positionals
  if ((file === null && url === null) || (on !== null && !isCalendarDate(on)) || (url !== null && !/^https?:\/\/[^/]/.test(url))) return 'usage'
  if (lang !== undefined && lang !== 'ja' && lang !== 'en') return 'usage'
  return { file, offline, url: url?.replace(/\/+$/, '') ?? null, on, checkpoint, root, lang: lang ?? languageOf(LC_ALL || LANG), json }
}

export const languageOf = (locale: string | undefined): Language => (/^ja/.test(locale ?? '') ? 'ja' : 'en')

function parsed(args: string[]) {
  const text = { type: 'string' } as const, flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args, allowPositionals: true, strict: true,
      options: { offline: text, url: text, on: text, checkpoint: text, root: text, lang: text, json: flag, help: { ...flag, short: 'h' } },
    })
  } catch {
    return undefined
  }
}
