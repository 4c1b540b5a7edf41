import { expect, it } from 'vitest'
import { byDoubt, doubtsAbout, mayRateIn, type Claimed } from '../../server/domain/desk-review.ts'
import { stages } from '../../server/domain/lifecycle.ts'
import { signsOfScope } from '../../server/domain/screening.ts'

const fine: Claimed = { criticality: 'major', answer: 'yes', needsDocument: true, documents: 1, replyToRead: false }

it.each([
  [{}, []],
  [{ answer: 'no', documents: 0 }, ['said_no']],
  [{ answer: 'partly', documents: 0 }, ['said_partly', 'document_missing']],
  [{ documents: 0 }, ['document_missing']],
  [{ documents: 0, needsDocument: false }, []],
  [{ answer: null, documents: 0 }, ['not_answered']],
  [{ answer: 'not_applicable', documents: 0 }, ['said_not_applicable']],
  [{ replyToRead: true }, ['reply_to_read']],
] as [Partial<Claimed>, string[]][])('finds in %j the doubts %j', (change, doubts) => {
  expect(doubtsAbout({ ...fine, ...change })).toEqual(doubts)
})

it('reads the most doubtful first, and among equals what weighs more', () => {
  const sorted = [fine, { ...fine, criticality: 'zero_tolerance' as const }, { ...fine, documents: 0 }, { ...fine, answer: 'no' as const }, { ...fine, answer: 'no' as const, criticality: 'zero_tolerance' as const }].toSorted(byDoubt)
  expect(sorted.map(({ answer, documents, criticality }) => [answer, documents, criticality])).toEqual([
    ['no', 1, 'zero_tolerance'], ['no', 1, 'major'], ['yes', 0, 'major'], ['yes', 1, 'zero_tolerance'], ['yes', 1, 'major'],
  ])
})

it('lets ratings change from the desk review until the visit is closed', () => {
  expect(stages.filter(mayRateIn)).toEqual(['desk_review', 'clarifying', 'visit_planned'])
})

it.each([
  [{ workers: 300, foreignWorkers: 1, sites: [{ kind: 'workplace' }] }, [true, true, true]],
  [{ workers: 301, foreignWorkers: 0, sites: [{ kind: 'housing' }] }, [false, false, false]],
])('reads the signs of scope from %j', (applicant, holds) => {
  expect(signsOfScope(applicant).map(sign => sign.holds)).toEqual(holds)
})
