import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../server/domain/calendar.ts'
import { canonical, type Plain } from '../../server/domain/dossier.ts'
import { certificateEvents } from '../../server/domain/standing.ts'
import { readEntry, type CertificateLine } from '../../server/proof/entry.ts'
import { byCertificate, certOf, currentFile, fileAnswer, historyOf, standingBy } from '../../server/proof/replay.ts'

const cert = 'c'.repeat(64), doc = 'd'.repeat(64)
const issued: CertificateLine = { v: 1, seq: 0, t: '2027-01-05T01:00:00.000Z', on: '2027-01-05', by: 'clock', type: 'issued', cert, edition: 1, doc, from: '2027-01-05', until: '2027-01-30' }

describe('a line of the log', () => {
  it('is read when it is written as the log writes', () => expect(readEntry(canonical(issued as Plain))).toEqual(issued))

  const key = { v: 1, seq: 3, t: '2027-01-05T01:00:00.000Z', on: '2027-01-05', by: 'operator', type: 'key_compromised', key: 'abc', purpose: 'seal', since: '2027-01-01T00:00:00.000Z' }
  it('may tell of a key', () => expect(readEntry(canonical(key))).toEqual(key))

  const filed = { v: 1, seq: 3, t: '2027-01-05T01:00:00.000Z', on: '2027-01-05', by: 'public', type: 'complaint_filed', case: cert }
  const decided = { ...filed, by: 'decision_maker', type: 'appeal_decided', outcome: 'not_upheld' }
  it('may tell of an appeal or a complaint, and of its end only how it ended', () => {
    expect([filed, decided].map(line => readEntry(canonical(line)))).toEqual([filed, decided])
    const wrong = [{ ...filed, outcome: 'upheld' }, { ...filed, number: 'RE-JP-2027-000001-1-A' }, { ...filed, case: 'short' }, { ...decided, outcome: 'granted' }, { ...decided, reason: 'x' }, { ...decided, outcome: undefined }]
    expect(wrong.map(line => readEntry(canonical(Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined)) as Plain)))).toEqual(wrong.map(() => undefined))
  })

  it.each<[string, string]>([
    ['with white space', JSON.stringify(issued, null, 1)], ['in another order', JSON.stringify(issued)], ['not JSON', '{'], ['a list', '[]'], ['a text', '"x"'], ['nothing', ''], ['null', 'null'],
    ['a name twice', canonical(issued as Plain).replace('"by":"clock"', '"by":"clock","by":"clock"')], ['a number otherwise', canonical(issued as Plain).replace('"seq":0', '"seq":-0')],
    ['an escape otherwise', canonical(issued as Plain).replace('clock', 'cloc\\u006b')], ['far too long', canonical({ ...issued, reason: 'x'.repeat(5000) } as Plain)],
    ...Object.entries({
      name: 'Yamada', reason: 'Because of Mr. X', by: 'tanaka', type: 'unheard_of', cert: 'short', on: '2027-02-30', t: '2027-01-05', v: 2, seq: -1, edition: '1', doc: '', from: 'soon', __proto__x: 1,
    }).map(([name, value]): [string, string] => [`${name}: ${value}`, canonical({ ...issued, [name]: value } as Plain)]),
    ...(['v', 'seq', 't', 'on', 'by', 'type', 'cert'] as const).map((name): [string, string] => [`without ${name}`, canonical(Object.fromEntries(Object.entries(issued).filter(([other]) => other !== name)) as Plain)]),
  ])('is none: %s', (_, line) => expect(readEntry(line)).toBeUndefined())
})

// A clerk who lives through every day with the log in hand, and rubs out on a slate what was lifted.
const slate: Partial<Record<CertificateLine['type'], (words: Set<string>) => unknown>> = {
  issued: words => words.add('certified'), suspended: words => words.add('suspended'), reinstated: words => words.delete('suspended'), scope_reduced: words => words.add('scope_reduced'),
  condition_set: words => words.add('certified_with_condition'), condition_met: words => words.delete('certified_with_condition'),
  withdrawn: words => words.add('withdrawn'), surrendered: words => words.add('surrendered'), transferred: words => words.add('transferred'), replaced: words => words.add('replaced'),
}
const afterEnd: typeof slate = { reinstated: words => words.has('certified') && words.delete('withdrawn') } // an appeal was upheld
const ends = ['withdrawn', 'surrendered', 'transferred', 'replaced', 'expired']

function livedThrough(lines: CertificateLine[], day: string): string {
  const words = new Set<string>(), hasEnded = () => ends.some(end => words.has(end))
  for (let date = '2027-01-01'; date <= day; date = addDays(date, 1)) {
    if (date > '2027-01-30' && words.has('certified') && !hasEnded()) words.add('expired')
    for (const { type } of lines.filter(({ on }) => on === date && date <= '2027-01-30').sort((one, other) => one.seq - other.seq)) (hasEnded() ? afterEnd : slate)[type]?.(words)
  }
  return words.has('certified') ? [...ends, 'suspended', 'scope_reduced', 'certified_with_condition', 'certified'].find(word => words.has(word)) ?? '' : ends.find(end => words.has(end)) ?? 'issuing'
}

describe('on that day', () => {
  const someDay = fc.integer({ min: 0, max: 40 }).map(days => addDays('2027-01-01', days))
  const later = fc.array(fc.record({ type: fc.constantFrom(...certificateEvents.filter(event => event !== 'issued')), on: someDay }), { maxLength: 10 })
  const told = later.map(events => [issued, ...events.map(({ type, on }, nth) => ({ ...issued, seq: nth + 1, type, on }))] as CertificateLine[])

  it('a certificate was worth what living through the log day by day says, in whatever order its lines are handed over', () => fc.assert(fc.property(told, someDay, fc.boolean(), (lines, day, turned) => {
    const history = historyOf(turned ? lines.toReversed() : lines)
    expect(history && standingBy(history, day).standing).toBe(livedThrough(lines, day))
  }), { numRuns: 1000 }))

  it('what was told later of a day after it changes nothing', () => fc.assert(fc.property(told, someDay, (lines, day) => {
    const [then, all] = [lines.filter(({ on, type }) => on <= day || type === 'issued'), lines].map(historyOf)
    expect(then && standingBy(then, day)).toEqual(all && standingBy(all, day))
  })))

  it('is told apart for each certificate', () => {
    const other = { ...issued, cert: 'e'.repeat(64), seq: 2 }
    expect([...byCertificate([issued, { ...issued, seq: 1, type: 'suspended' }, other])].map(([name, lines]) => [name, lines.map(({ seq }) => seq)])).toEqual([[cert, [0, 1]], [other.cert, [2]]])
  })

  it('nothing is known of one whose issue is not told', () => expect([historyOf([]), historyOf([{ ...issued, type: 'suspended' }])]).toEqual([null, null]))
})

describe('a file', () => {
  const history = historyOf([issued, { ...issued, seq: 4, type: 'prolonged', doc: 'b'.repeat(64) }, { ...issued, seq: 7, type: 'reissued', edition: 2, doc: 'a'.repeat(64), vc: 'f'.repeat(64) }, { ...issued, seq: 9, type: 'prolonged', doc: '9'.repeat(64) }])
  if (!history) throw new Error('issued')
  it('is current, replaced or unknown', () => expect(['a', 'b', 'd', 'f'].map(letter => fileAnswer(history, letter.repeat(64))))
    .toEqual([{ known: 'current', edition: 2 }, { known: 'replaced', edition: 1 }, { known: 'replaced', edition: 1 }, { known: 'unknown' }]))
  it('of the highest edition counts, also when an older one was prolonged after it', () => expect(currentFile(history)).toEqual({ edition: 2, sha256: 'a'.repeat(64), credentialSha256: 'f'.repeat(64), seq: 7 }))
})

it('a certificate is named by its salt and number', () => // printf '\\x00\\xffRE-JP-2027-000001-1-A' | sha256sum
  expect(certOf(Buffer.from('00ff', 'hex'), 'RE-JP-2027-000001-1-A')).toBe('a4f18e190400b7696bf75802f3bae11dc21da925d22a2f2aa626f3e881214875'))
