// Marks inside a sentence, between the words and the page: what a kanji word is read as, and words in another language than the page's.
// They are Unicode noncharacters, which no text from outside is meant to carry, so a sentence stays a plain text that templates escape,
// join and pass on; only the finished page turns marks into elements, and drops them where no element may stand.
const base = '\uFDD0', reading = '\uFDD1', end = '\uFDD2'
const english = '\uFDD3', japanese = '\uFDD4', home = '\uFDD5'

/** ｜漢字《かんじ》, as it is written in templates/locales/ja-simple (the notation of Aozora Bunko), with marks. */
export const marked = (written: string): string => written.replace(/｜([^《》｜]+)《([^《》｜]+)》/g, `${base}$1${reading}$2${end}`)

/** The same for a reader without ruby (the field notebook): 漢字（かんじ）. */
export const bracketed = (written: string): string => written.replace(/｜([^《》｜]+)《([^《》｜]+)》/g, '$1（$2）')

/** One word with its reading, for what a program puts together (dates). */
export const read = (word: string, asKana: string): string => `${base}${word}${reading}${asKana}${end}`

/** WCAG 3.1.2: words that are not in the language of the page. */
export const foreign = (text: string, lang: 'ja' | 'en'): string => `${lang === 'en' ? english : japanese}${text}${home}`

/** The words alone: for attributes, titles, JSON, mails. */
export const unmarked = (text: string): string => text.replace(/\uFDD1[^\uFDD2]*\uFDD2/g, '').replace(/[\uFDD0-\uFDD5]/g, '')

// Where text stands that is no element's: attributes, and elements that hold text only.
const plainPlaces = /<(title|option|textarea|svg|script)\b[\s\S]*?<\/\1>|<[^>]*>/g

/** A finished page: readings become ruby, foreign words a span with their language. Only whole marks round plain words do. */
export const asMarkup = (html: string): string => html.replace(plainPlaces, unmarked)
  .replace(/\uFDD0([^<\uFDD0-\uFDD5]*)\uFDD1([^<\uFDD0-\uFDD5]*)\uFDD2/g, '<ruby>$1<rp>(</rp><rt>$2</rt><rp>)</rp></ruby>')
  .replace(/\uFDD3([^<\uFDD0-\uFDD5]*)\uFDD5/g, '<span lang="en">$1</span>').replace(/\uFDD4([^<\uFDD0-\uFDD5]*)\uFDD5/g, '<span lang="ja">$1</span>')
  .replace(/[\uFDD0-\uFDD5]/g, '') // half a mark is somebody's joke
