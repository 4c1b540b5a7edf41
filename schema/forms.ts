import { z } from 'zod'
import { cleanLine, cleanText, foldDigits } from '../server/domain/text.ts'

// How a form field is read. Every message is a key of locales/*/problems.json; a refused field never changes what was typed.
const cleaned = (clean: (text: string) => string | { refused: string }) => z.string({ error: 'field_missing' }).transform((text, context) => {
  const outcome = clean(text)
  if (typeof outcome === 'string') return outcome
  context.addIssue({ code: 'custom', message: 'field_unusable' })
  return z.NEVER
})

/** One line; at most `most` characters as people count them. */
export const line = (most = 200) => cleaned(cleanLine).refine(text => [...text].length <= most, 'field_too_big')
export const neededLine = (most = 200) => line(most).refine(text => text.length > 0, 'field_missing')

/** Free text of several lines. */
export const prose = (most = 4000) => cleaned(cleanText).refine(text => [...text].length <= most, 'field_too_big')
export const neededProse = (most = 4000) => prose(most).refine(text => text.length > 0, 'field_missing')

/** A whole number, also typed full-width or with separators (１２, 1,200). */
export const count = (least = 0, most = 1_000_000) => z.union([z.string(), z.number()], { error: 'field_missing' })
  .transform(value => foldDigits(String(value)).replace(/[,，\s]/g, ''))
  .refine(digits => /^\d{1,9}$/.test(digits), 'field_number')
  .transform(Number)
  .refine(number => number >= least, 'field_too_small')
  .refine(number => number <= most, 'field_too_big')

/** A checkbox that must be ticked. */
export const ticked = () => z.preprocess(value => value === 'on' || value === 'true' || value === true, z.literal(true, { error: 'field_tick' }))
export const yesNo = () => z.enum(['yes', 'no'], { error: 'field_missing' }).transform(answer => answer === 'yes')
export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) => z.enum(values, { error: 'field_missing' })
/** A day of this century: what happened, or is planned. */
export const day = () => z.string({ error: 'field_missing' }).transform(foldDigits).pipe(z.iso.date({ error: 'field_date' })).pipe(z.string().startsWith('20', { error: 'field_date' }))

/** Repeated fields: none, one and many look alike afterwards. */
export const many = <Item extends z.ZodType>(item: Item, most = 200) =>
  z.preprocess(value => (value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value]), z.array(item).max(most, 'field_too_big'))
