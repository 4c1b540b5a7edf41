import { z } from 'zod'

/** What the public pages are read in; `checked` null: the language the others were made from. */
export const Translations = z.object({
  languages: z.array(z.object({ locale: z.string(), name: z.string(), checked: z.boolean().nullable(), by: z.string(), at: z.iso.date().nullable(), written: z.number(), of: z.number() })),
})
