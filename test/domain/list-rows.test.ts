import { describe, expect, it } from 'vitest'
import { makeNumber } from '../../server/domain/certificate-number.ts'
import { columnsOf, fieldCalled } from '../../server/domain/list-columns.ts'
import { looksLike, readRow } from '../../server/domain/list-row.ts'

const number = makeNumber({ year: 2026, serial: 12, cycle: 1 })

const onLastLine = (columns: ReturnType<typeof columnsOf>, line: readonly string[] = []) => ('refused' in columns ? columns : { ...columns, fields: columns.fields(line) })

describe('the columns of a list', () => {
  it.each([
    ['証書番号', 'number'], ['認証番号', 'number'], ['Certificate No.', 'number'], ['法人番号', 'corporateNumber'], ['法人番号（13桁）', 'corporateNumber'], ['Corporate Number', 'corporateNumber'], ['会社名', 'name'], ['取引先名', 'name'],
    ['仕入先の名称', 'name'], ['Supplier name', 'name'], ['都道府県', 'prefecture'], ['所在地', 'prefecture'], ['住所', 'prefecture'], ['ＴＩＥＲ', 'tier'], ['区分', 'group'], ['国', 'country'], ['備考', null], ['電話番号', null],
  ])('%s means %s', (header, field) => expect(fieldCalled(header)).toBe(field))

  it.each([
    ['a header', [['備考', '会社名', '住所'], ['x', '山田', '愛知県']], { fields: [null, 'name', 'prefecture'], hasHeader: true }],
    ['numbers alone', [[number], ['RE-JP-2026-000013-1-X']], { fields: ['number'], hasHeader: false }],
    ['names alone', [['山田製作所'], ['髙橋プレス']], { fields: ['name'], hasHeader: false }],
    ['names with prefectures and corporate numbers', [['山田製作所', '愛知県', '4012301000013'], ['髙橋プレス', '大阪府', '1180301012345']], { fields: ['name', 'prefecture', 'corporateNumber'], hasHeader: false }],
    ['a header without any of the three', [['住所', '電話番号'], ['愛知県', '1']], { refused: 'list_columns_missing', columns: ['住所', '電話番号'] }],
    ['nothing but signs', [['1', '2'], ['3', '4']], { refused: 'list_columns_missing', columns: ['1', '2'] }],
    ['two columns of names', [['会社名', '取引先名'], ['a', 'b']], { refused: 'list_columns_twice', columns: ['取引先名'] }],
  ] as const)('%s', (_, lines, expected) => expect(onLastLine(columnsOf(lines, looksLike), lines.at(-1))).toEqual(expected))
})

describe('a line', () => {
  const fields = ['number', 'corporateNumber', 'name', 'prefecture', 'country', 'tier', 'group'] as const
  const read = (...cells: string[]) => readRow(cells, fields)

  it('is read with whatever width, hyphens and spaces it has', () => {
    expect(read(` ${number.replaceAll('-', '－').replace('RE', 'ｒｅ')} `, 'T4012301000013', ' 山田 ', '愛知県豊橋市見本1', '', 'Tier ２', '鋳造')).toMatchObject({ number, corporate: '4012301000013', name: '山田', prefecture: '愛知県', country: 'JP', tier: 2, group: '鋳造', fault: null })
  })

  it.each([['愛知', '愛知県'], ['aichi', '愛知県'], ['東京都千代田区', '東京都'], ['京都', '京都府'], ['上海', '']])('%s lies in %s', (typed, prefecture) => expect(read('', '', 'x', typed).prefecture).toBe(prefecture))

  it.each([
    [['', '', ''], 'empty'], [['ISO-9001', '', ''], 'number_malformed'], [['', '1.2345E+12', ''], 'corporate_number_cut'], [['', '123', ''], 'corporate_number_malformed'], [['', '4012301000014', ''], 'corporate_number_mistyped'], [['', '', '=cmd|1'], null],
  ])('%j: %s', (cells, fault) => expect(readRow(cells, fields).fault).toBe(fault))

  it('is cut between characters, never inside one, and is text that a database takes', () => {
    const { name, group } = read('', '', `${'あ'.repeat(199)}𠮷野家`, '', '', '', `${'あ'.repeat(59)}𠮷`)
    expect([name.endsWith('𠮷'), group.endsWith('𠮷'), [...name].length, [...group].length, read('', '', 'a\uD842').name]).toEqual([true, true, 200, 60, 'a\uFFFD'])
  })

  it('with a slip in its number offers what is near', () => {
    const { number: exact, near } = read(`${number.slice(0, -1)}${number.endsWith('A') ? 'B' : 'A'}`)
    expect([exact, near.includes(number)]).toEqual([null, true])
  })
})
