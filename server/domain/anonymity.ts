// interview_sampling.rules: no names and no numbers of workers, only codes. A guard against slips of the pen; a name written like any
// other word passes it, so every form also says it in words.
const signs: readonly RegExp[] = [
  /[A-Z]{2}\d{8}[A-Z]{2}/,                                                              // residence card
  /[\w.+-]+@[\w-]+\.[\w.]+/,                                                            // mail address
  /(?<!\d)0\d{1,4}-\d{1,4}-\d{3,4}(?!\d)/, /(?<!\d)0[789]0\d{8}(?!\d)/,                 // telephone
  /\b(Mr|Ms|Mrs|Miss)\.?\s+\p{Lu}/u,
  /\b\p{Lu}{2,}(?:\s+\p{Lu}{2,}){1,}\b/u,                                               // NGUYEN VAN AN, as cards print it
  /(?:氏名|名前|フルネーム)\s*[:：は]/,
]

// タンさん, 山田氏 name somebody; 皆さん, 通訳さん, 職長さん do not.
const addressed = /([\p{Script=Han}々]{1,4}|[\p{Script=Katakana}ー]{2,})(?:さん|氏|くん|ちゃん|様)/gu
const roles_not_names = /(?:皆|方|客|奥|通訳|職長|班長|社長|部長|課長|係長|工場長|店長|寮長|管理人|担当者?|人事|上司|先輩|後輩|同僚|仲間|友達|母|父|兄|姉|医者|看護師|業者|会社|リーダー|マネージャー|スタッフ|ブローカー|ドライバー)$/u

/** Does this text look as if it named a person? */
export function namesSomebody(text: string): boolean {
  return signs.some(sign => sign.test(text)) || [...text.matchAll(addressed)].some(([, word = '']) => !roles_not_names.test(word))
}

/** A code of an interview: one or two letters, a hyphen, two or three digits. */
export const interviewCode = /^[A-Z]{1,2}-\d{2,3}$/

/** Which of these codes a text mentions: findings go to the employer, and who spoke never does. */
export const codesIn = (text: string, codes: readonly string[]): string[] =>
  codes.filter(code => new RegExp(`(?<![A-Z0-9])${code}(?!\\d)`).test(text.normalize('NFKC').toUpperCase()))

/** survey_anonymity.k_min_public_view: fewer people than this are told to nobody outside the case. */
export const fewest_told = 10

/** A count of people for readers outside the case: a band, or null when so few could point at somebody. None and few look alike. */
export const bandOrNothing = (people: number, bandOf: (people: number) => string): string | null => (people < fewest_told ? null : bandOf(people))
