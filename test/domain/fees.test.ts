import { expect, it } from 'vitest'
import { debtIsRaised, feeGate } from '../../server/domain/fees.ts'

const about = (criterion: string, grade: 'minor' | 'major' | 'zero_tolerance' | 'observation') => [{ criterion, grade }]

// answer, findings, is the debt raised, is the gate passed
it.each([
  ['no_fees', [], true, true],
  ['disclosed_with_plan', [], false, false],
  ['disclosed_with_plan', about('RE-03.4', 'minor'), true, true],
  ['disclosed_with_plan', about('RE-03.4', 'observation'), false, false],
  ['disclosed_with_plan', about('RE-08.2', 'minor'), false, false],
  ['undisclosed_or_unplanned', about('RE-03.1', 'minor'), false, false],
  ['undisclosed_or_unplanned', about('RE-03.1', 'zero_tolerance'), true, false],
  [null, [], true, false],
] as const)('%s with %j', (fees, findings, raised, passed) => expect([debtIsRaised(fees, findings), feeGate(fees, findings)]).toEqual([raised, passed]))
