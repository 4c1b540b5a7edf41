import { describe, expect, it } from 'vitest'
import { csvOf } from '../../server/adapters/csv.ts'

const written = async (rows: (string | number | null)[][], how = {}) => Buffer.concat(await csvOf(['会社', '人'], rows, how).toArray()).toString('utf8')

describe('a table as CSV', () => {
  it('begins with a BOM and ends lines as Excel wants it; a program gets neither', async () => {
    expect([await written([['髙橋', 3]]), await written([['髙橋', 3]], { forPeople: false })]).toEqual(['\uFEFF会社,人\r\n髙橋,3\r\n', '会社,人\n髙橋,3\n'])
  })

  it.each(['=1+1', '+81-3', '-2', '@SUM(A1)', '\t=1', '\r=1', '＝1', '＋1', '－1', '＠1'])('lets no cell run as a formula: %j', async cell => {
    expect((await written([[cell, 1]])).split('\r\n').slice(1).join('')).toMatch(/^"?'/)
  })

  it('keeps commas, quotes and breaks inside their cell', async () => {
    expect(await written([['a,"b"\nc', null]])).toBe('\uFEFF会社,人\r\n"a,""b""\nc",\r\n')
  })

  it('tells the reader when the rows break off', async () => {
    const broken = async function* () { yield ['a', 1]; throw new Error('the database died') }
    await expect(csvOf(['会社', '人'], broken() as AsyncIterable<(string | number)[]>).toArray()).rejects.toThrow('the database died')
  })
})
