import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentDisposition } from '../../server/http/content-disposition.ts'

const realName = (header: string) => decodeURIComponent(/filename\*=UTF-8''([^;]*)$/.exec(header)?.[1] ?? '')

describe('Content-Disposition', () => {
  it.each([
    ['report.pdf', `inline; filename="report.pdf"; filename*=UTF-8''report.pdf`],
    ['台帳（3月）.xlsx', `inline; filename="_3_.xlsx"; filename*=UTF-8''%E5%8F%B0%E5%B8%B3%EF%BC%883%E6%9C%88%EF%BC%89.xlsx`],
    [`it's (a) "100%" *.txt`, `inline; filename="it's (a) _100__ *.txt"; filename*=UTF-8''it%27s%20%28a%29%20%22100%25%22%20%2A.txt`],
    ['a\r\nSet-Cookie: x=1.txt', `inline; filename="a_Set-Cookie: x=1.txt"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D1.txt`],
  ])('%j', (name, header) => expect(contentDisposition(name, 'inline')).toBe(header))

  it('says attachment when asked', () => expect(contentDisposition('a', 'attachment')).toMatch(/^attachment; /))

  it('is plain ASCII that ends where it should, and gives every name back', () => fc.assert(fc.property(fc.string({ unit: 'binary' }), name => {
    const header = contentDisposition(name, 'attachment')
    expect(header).toMatch(/^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]*$/)
    expect(realName(header)).toBe(name.toWellFormed())
  })))

  it('does not fail on half a character', () => expect(realName(contentDisposition('a\ud800', 'inline'))).toBe('a\ufffd'))
})
