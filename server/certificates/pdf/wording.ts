import en from '../../../templates/certificate/wording.en.json' with { type: 'json' }
import ja from '../../../templates/certificate/wording.ja.json' with { type: 'json' }

export type Phrase = keyof typeof ja & keyof typeof en
export type Bilingual = { ja: string; en: string }

/** Text in reading order, each piece with its language: a voice that reads it aloud changes with it. */
export type Words = readonly { text: string; lang: keyof Bilingual }[]

export const japanese = (text: string): Words => [{ text, lang: 'ja' }]
export const english = (text: string): Words => [{ text, lang: 'en' }]
export const both = ({ ja, en }: Bilingual, between = ' '): Words => [...japanese(ja + between), ...english(en)]

/** The page's sentence in both languages. Throws when the wording asks for a value that was not given. */
export const phrase = (key: Phrase, values: Record<string, string | number> = {}, english: Record<string, string | number> = {}): Bilingual =>
  ({ ja: fill(ja[key], values), en: fill(en[key], { ...values, ...english }) })

const fill = (sentence: string, values: Record<string, string | number>) => sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
  const value = values[name]
  if (value === undefined) throw new Error(`certificate wording: no value for ${name}`)
  return String(value)
})

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** 2027-03-01 → 2027年3月1日 / 1 March 2027. */
export function spokenDate(date: string): Bilingual {
  const [year, month, day] = date.split('-').map(Number)
  const name = months[(month ?? 0) - 1]
  if (!name) throw new RangeError(`no date: ${date}`)
  return { ja: `${year}年${month}月${day}日`, en: `${day} ${name} ${year}` }
}
