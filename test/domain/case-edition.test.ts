import { describe, expect, it } from 'vitest'
import { caseSections, mayTake, mayTakeRow, readersOf, sectionNames } from '../../server/domain/case-edition.ts'
import { caseRoles, type CaseRole } from '../../server/domain/roles.ts'

const decided = { decided: true }, taken = (role: CaseRole) => sectionNames.filter(name => mayTake(name, [role], decided))
const notebook = ['notebook_versions', 'notebook_landings', 'notebook_files', 'notebook_takeouts'] // as interviews: they are written in it
const afterwards = ['appeals', 'appeal_assignments', 'appeal_decisions'] // of the people who decided them anew, the secretariat and the employer

describe('who takes which part of a case along', () => {
  it('leaves to the employer what its own pages show, and nothing else', () => expect(sectionNames.filter(name => !taken('applicant').includes(name)))
    .toEqual(['interests', 'marks', 'draws', 'interviews', 'notes', 'photo_consents', ...notebook, 'recommendations', 'signatures', 'journal', 'appeal_assignments']))

  it.each([['operator', ['draws', 'interviews', ...notebook, 'signatures']], ['assessor', ['objections', 'signatures', 'journal', ...afterwards, 'standing_decisions', 'change_reports', 'change_reviews']], ['decision_maker', ['objections', 'journal', ...afterwards, 'surveillance_visits', 'surveillance_outcomes', 'surveillance_wishes']]] as const)('keeps from the %s %j', (role, kept) =>
    expect(sectionNames.filter(name => !taken(role).includes(name))).toEqual(kept))

  it('tells the employer its ratings with the decision, not before', () => {
    expect([mayTake('ratings', ['applicant'], { decided: false }), mayTake('ratings', ['applicant'], decided), mayTake('ratings', ['assessor'], { decided: false })]).toEqual([false, true, true])
  })

  it('gives nobody a section who has no part in the case', () => expect(sectionNames.filter(name => mayTake(name, [], decided))).toEqual([]))

  it('gives what workers said to those who evaluate and decide, in the dossier too', () => {
    const heard = (part: string) => caseRoles.filter(role => mayTakeRow(part, [role]))
    expect([heard('interviews/x'), heard('draws/x'), heard('answers/RE-01.1'), heard('application')]).toEqual([['assessor', 'decision_maker'], ['assessor', 'decision_maker'], ['operator', 'assessor', 'decision_maker'], ['operator', 'assessor', 'decision_maker']])
  })
})

describe('as whom', () => {
  it.each([
    [['applicant', 'operator'], true, ['applicant']], [['operator', 'assessor'], true, ['operator', 'assessor']], [['operator', 'assessor'], false, ['operator']], [['assessor'], false, []], [['decision_maker'], false, ['decision_maker']], [[], true, []],
  ] as const)('%j, declared %s: %j', (held, declared, readers) => expect(readersOf({ held, declared })).toEqual(readers))

  it('knows every section by a role that exists', () => expect(Object.values(caseSections).flat().filter(role => !caseRoles.includes(role))).toEqual([]))
})
