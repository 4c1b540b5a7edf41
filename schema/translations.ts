import { z } from 'zod'

const Language = z.object({ locale: z.string(), name: z.string(), checked: z.boolean().nullable(), by: z.string(), at: z.iso.date().nullable(), written: z.number(), of: z.number() })

/** What the public pages are read in, and what a worker is asked in; `checked` null: the language the others were made from. */
export const Translations = z.object({
  languages: z.array(Language), questions: z.array(Language),
  /** Of the questions to workers. */
  unchecked: z.object({ languages: z.number(), sentences: z.number() }),
})
