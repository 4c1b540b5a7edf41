import { translate, type Locale } from '../http/locale.ts'
import type { Proof } from '../proof/receipt.ts'

type Said = Pick<Proof, 'number' | 'on' | 'standing' | 'file'> & { asked: string }

/** The whole answer in a sentence or two, for whoever opens the document. */
export function said({ number, on, standing, file, asked }: Said): Proof['says'] {
  return inTwo(locale => [
    standing
      ? translate(locale, 'proofs.says', { number, on, asked, since: standing.since, standing: translate(locale, `certificates.standing_${standing.is}`) })
      : translate(locale, 'proofs.says_none', { number, on, asked }),
    ...(file ? [translate(locale, `proofs.file_${file.known}`, { sha256: file.sha256.slice(0, 16), edition: file.edition ?? 0 })] : []),
  ].join(locale === 'ja' ? '' : ' '))
}

export const explained = (url: string): Proof['verify'] => inTwo(locale => translate(locale, 'proofs.verify', { url }))

const inTwo = (say: (locale: Locale) => string) => ({ ja: say('ja'), en: say('en') })
