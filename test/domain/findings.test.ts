import { describe, expect, it } from 'vitest'
import { findingMove, findingStages, findingState, findingStates, gradeFits, isOpenFinding, mayRespond, mayReview, planIsAccepted, reviewOutcomes } from '../../server/domain/findings.ts'
import { grades } from '../../server/domain/grading.ts'
import { stages } from '../../server/domain/lifecycle.ts'
import { roles } from '../../server/domain/roles.ts'

const answered = { superseded: false, response: { done: 'planned' as const } }
const standing = { stage: 'correcting' as const, held: ['applicant' as const], superseded: false, grade: 'minor' as const, state: 'raised' as const }

describe('where a finding stands', () => {
  it.each([
    [{ superseded: false, response: null, review: null }, 'raised'], [{ ...answered, review: null }, 'answered'], [{ ...answered, review: 'plan_accepted' }, 'plan_accepted'],
    [{ ...answered, review: 'plan_returned' }, 'returned'], [{ ...answered, review: 'verified' }, 'verified'], [{ ...answered, review: 'not_verified' }, 'returned'],
  ] as const)('%j is %s', (facts, state) => expect(findingState(facts)).toBe(state))

  it('is whose move, by state; an observation is nobody’s', () => {
    expect(findingStates.map(state => [state, findingMove({ grade: 'major', state }), findingMove({ grade: 'observation', state })])).toEqual([
      ['raised', 'applicant', null], ['answered', 'assessor', null], ['returned', 'applicant', null], ['plan_accepted', 'applicant', null], ['second_look', 'decision_maker', null], ['verified', null, null], ['effective', null, null],
    ])
  })

  it('is open until verified', () => {
    expect(findingStates.filter(state => isOpenFinding({ grade: 'minor', state }))).toEqual(['raised', 'answered', 'returned', 'plan_accepted', 'second_look'])
  })

  it('zero tolerance is not closed by one', () => {
    const verified = { grade: 'zero_tolerance', superseded: false, response: { done: 'done' }, review: 'verified' } as const
    expect([findingState(verified), findingState({ ...verified, closure: 'returned' }), findingState({ ...verified, closure: 'closed' }), findingState({ ...verified, grade: 'major' })]).toEqual(['second_look', 'returned', 'verified', 'verified'])
  })

  it.each([
    [[], false], [['plan_accepted'], true], [['plan_returned'], false], [['plan_returned', 'plan_accepted'], true], [['plan_accepted', 'plan_returned'], false],
    [['plan_accepted', 'not_verified'], true], [['not_verified'], false], [['plan_accepted', 'not_verified', 'verified'], true],
  ] as const)('a plan after %j is in force: %s', (reviews, inForce) => expect(planIsAccepted(reviews)).toBe(inForce))
})

describe('who may do what', () => {
  it('lets nobody but the employer answer, while it is its move and the case is open for it', () => {
    const allowed = stages.flatMap(stage => roles.flatMap(role => findingStates.filter(state => 'free' in mayRespond({ ...standing, stage, held: [role], state })).map(state => `${stage} ${role} ${state}`)))
    expect(allowed).toEqual(findingStages.flatMap(stage => ['raised', 'returned', 'plan_accepted'].map(state => `${stage} applicant ${state}`)))
  })

  it('lets nobody but the assessor close, and only what is reported done', () => {
    const allowed = roles.flatMap(role => (['planned', 'done', null] as const).flatMap(done =>
      reviewOutcomes.filter(outcome => 'free' in mayReview({ ...standing, held: [role], state: 'answered', done }, outcome)).map(outcome => `${role} ${done} ${outcome}`)))
    expect(allowed).toEqual(['assessor planned plan_accepted', 'assessor planned plan_returned', 'assessor done verified', 'assessor done not_verified'])
  })

  it('touches no superseded finding', () => {
    expect(mayRespond({ ...standing, superseded: true })).toEqual({ refused: 'closed_for_changes' })
    expect(mayReview({ ...standing, held: ['assessor'], state: 'answered', superseded: true, done: 'planned' }, 'plan_accepted')).toEqual({ refused: 'closed_for_changes' })
  })
})

describe('grade and rating', () => {
  const rated = ['conforms', 'minor', 'major', 'zero_tolerance', 'not_applicable', null]
  it('a nonconformity says what the rating says, anything else goes beside any rating', () => {
    expect(grades.map(grade => [grade, rated.filter(rating => gradeFits(grade, rating, null))])).toEqual([
      ['zero_tolerance', ['zero_tolerance']], ['major', ['major']], ['minor', ['minor']], ['collaborative', rated], ['observation', rated],
    ])
  })

  it('a remark takes the place of a nonconformity only when it is no longer rated as one', () => {
    expect(rated.filter(rating => gradeFits('observation', rating, 'major'))).toEqual(['conforms', 'not_applicable', null])
  })
})
