import { isDeepStrictEqual } from 'node:util'

/** Prints what happens, as it happens. */
export type Tell = (line: string) => void

/** Ends the story unless the two are the same. */
export function expectSame(what: string, found: unknown, told: unknown): void {
  if (!isDeepStrictEqual(found, told)) throw new Error(`${what}: the story says ${JSON.stringify(told)}, but it is ${JSON.stringify(found)}`)
}

/** Ends the story unless this holds. */
export function expectThat(what: string, holds: unknown): asserts holds {
  if (!holds) throw new Error(`the story says: ${what}. It is not so`)
}
