import { isCalendarDate } from '../domain/calendar.ts'
import type { Plain } from '../domain/dossier.ts'

/** Whether a value is of a shape. What a stranger hands us is asked this before anything of it is believed. */
export type Shape = (value: Plain | undefined) => boolean

export const text: Shape = value => typeof value === 'string' && value.length < 100_000
export const hash: Shape = value => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
export const day: Shape = value => typeof value === 'string' && isCalendarDate(value)
export const count: Shape = value => Number.isSafeInteger(value) && (value as number) >= 0
export const instant: Shape = value => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) && !Number.isNaN(Date.parse(value))
export const among = (...words: readonly Plain[]): Shape => value => words.includes(value ?? null)
export const orNull = (shape: Shape): Shape => value => value === null || shape(value)
export const fields = (shapes: Record<string, Shape>): Shape => value => typeof value === 'object' && value !== null && !Array.isArray(value)
  && Object.keys(value).length === Object.keys(shapes).length && Object.entries(shapes).every(([name, shape]) => shape((value as Record<string, Plain>)[name]))
export const list = (most: number, shape: Shape): Shape => value => Array.isArray(value) && value.length <= most && value.every(shape)
export const inTwo = fields({ ja: text, en: text })
