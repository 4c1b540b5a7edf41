import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRange } from '../../server/http/ranges.ts'

describe('a range header', () => {
  it.each<[string | undefined, number, ReturnType<typeof parseRange>]>([
    [undefined, 10, undefined],
    ['bytes=0-0', 10, { start: 0, end: 0 }],
    ['bytes=2-5', 10, { start: 2, end: 5 }],
    ['bytes=2-', 10, { start: 2, end: 9 }],
    ['bytes=2-99', 10, { start: 2, end: 9 }],
    ['bytes=9-9', 10, { start: 9, end: 9 }],
    ['bytes=-3', 10, { start: 7, end: 9 }],
    ['bytes=-99', 10, { start: 0, end: 9 }],
    ['Bytes= 2-5 ', 10, { start: 2, end: 5 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=99-100', 10, 'unsatisfiable'],
    ['bytes=99999999999999999999999-', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-5', 0, 'unsatisfiable'],
    ['bytes=5-2', 10, undefined],
    ['bytes=0-1,4-5', 10, undefined],
    ['bytes=-', 10, undefined],
    ['bytes=', 10, undefined],
    ['bytes=a-b', 10, undefined],
    ['bytes=1-2-3', 10, undefined],
    ['bytes=--3', 10, undefined],
    ['pages=1-2', 10, undefined],
    ['', 10, undefined],
  ])('%j of %d bytes', (header, size, range) => expect(parseRange(header, size)).toEqual(range))

  it('never leaves the file', () => fc.assert(fc.property(fc.nat(), fc.nat(), fc.nat(1000), (start, end, size) => {
    const range = parseRange(`bytes=${start}-${end}`, size)
    if (typeof range === 'object') expect(0 <= range.start && range.start <= range.end && range.end < size).toBe(true)
    else expect(range).toBe(end < start ? undefined : 'unsatisfiable')
  })))
})
