import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findingMove, findingStages, findingState, isOpenFinding, mayReview, planIsAccepted, type ReviewOutcome } from '../../server/domain/findings.ts'
import { blocking, type Grade } from '../../server/domain/grading.ts'
import { interestQuestions, mayAssess, mayDecide, type InterestAnswers, type Part } from '../../server/domain/independence.ts'
import { actions, needs, step, type Action, type Facts, type Stage } from '../../server/domain/lifecycle.ts'
import { isRefusal } from '../../server/domain/refusal.ts'
import type { Role } from '../../server/domain/roles.ts'

// Any people call anything in any order, over the pure rules; beside them the simplest world that remembers what was done. What is asked at the end is asked of
// that memory: who evaluated, who declared, what is open, what was sealed, who signed. test/database/appeal-walks.test.ts walks over the SQL.
const runs = 10_000
const roles = { ann: ['applicant', 'assessor'], ben: ['assessor', 'decision_maker'], cho: ['assessor', 'decision_maker'], dai: ['decision_maker'], fay: ['decision_maker'], eri: ['decision_maker', 'operator'] } as const satisfies Record<string, readonly Role[]>
type Person = keyof typeof roles
const people = Object.keys(roles) as Person[]
const deeds = [...actions, 'declare', 'advise', 'rate', 'raise', 'respond', 'review', 'sign', 'alter'] as const
type Call = { who: Person; what: (typeof deeds)[number]; tied: boolean; grade: Grade; outcome: ReviewOutcome }
type Finding = { grade: Grade; done: 'planned' | 'done' | null; reviews: ReviewOutcome[]; waits: boolean }
type World = { stage: Stage; parts: Map<Person, Part>; declared: Map<Person, InterestAnswers>; findings: Finding[]; content: number; sealed: number | null; signed: Person[]; by: Person | null }

const calls = (what: fc.Arbitrary<Call['what']>, who: readonly Person[] = people): fc.Arbitrary<Call> => fc.record({
  what, who: fc.constantFrom(...who), tied: fc.nat(5).map(drawn => drawn === 0),
  grade: fc.constantFrom<Grade>('zero_tolerance', 'major', 'minor', 'observation'), outcome: fc.constantFrom<ReviewOutcome>('verified', 'verified', 'plan_accepted', 'plan_returned', 'not_verified'),
})
const anything = calls(fc.constantFrom(...deeds))
// Left to chance alone nobody would ever be certified: half the walks follow an ordinary case, by people drawn anew, with anything in between.
const ordinary: readonly (readonly [Call['what'], readonly Person[]])[] = [['submit', ['ann']], ['accept', ['eri']], ['declare', ['ben']], ['declare', ['cho', 'cho', 'dai']], ['begin_review', ['ben', 'cho']], ['rate', ['ben', 'cho']], ['plan_visit', ['ben', 'cho']],
  ['raise', ['ben', 'cho']], ['close_visit', ['ben', 'cho']], ['respond', ['ann']], ['review', ['ben', 'cho']], ['recommend', ['ben', 'cho']], ['sign', ['ben', 'dai', 'eri']], ['certify', ['ben', 'cho', 'dai', 'fay']], ['certify', ['dai', 'fay']]]
// Who recommended refusal leaves findings open: then the decision alone stands between them and a certificate.
const or = (what: Call['what']) => (what === 'recommend' ? fc.constantFrom<Call['what']>('recommend', 'recommend', 'recommend_refusal') : fc.constant(what))
const story = fc.tuple(...ordinary.map(([what, who]) => fc.tuple(calls(or(what), who), fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(anything, { minLength: 1, maxLength: 2 })))))
  .map(parts => parts.flatMap(([made, between]) => [made, ...between]))
const walks = fc.oneof(fc.array(anything, { maxLength: 60 }), story)

const stateOf = ({ done, reviews, waits }: Finding) => findingState({ superseded: false, response: done ? { done } : null, review: waits ? null : reviews.at(-1) ?? null })
const judged = (finding: Finding, nth: number) => ({ id: String(nth), criterion: 'RE-01.1', grade: finding.grade, open: isOpenFinding({ grade: finding.grade, state: stateOf(finding) }), planAccepted: planIsAccepted(finding.reviews) })
const independent = ({ parts }: World, who: Person) => 'independent' in mayDecide([parts.get(who)].filter(part => part !== undefined))
const isFree = ({ declared }: World, who: Person) => 'free' in mayAssess(declared.get(who) ?? null)

// Everything that is not asked about here is as it should be.
const factsFor = (world: World, who: Person): Facts => ({
  ...Object.fromEntries(needs.map(need => [need, need !== 'appeal_upheld'])) as Facts,
  interests_declared: isFree(world, who), no_blocking_findings: blocking(world.findings.map(judged)).length === 0, independent_decider: independent(world, who),
  dossier_sealed: world.sealed !== null && world.sealed === world.content, evaluators_declared: [...world.parts].every(([person, part]) => part !== 'desk_reviewer' || world.declared.has(person)),
  second_signature: world.signed.some(other => other !== who && independent(world, other)),
})

const evaluates = (world: World, who: Person) => { world.parts.set(who, 'desk_reviewer'); world.content += 1 }
const inEvaluation = ({ stage }: World) => ['desk_review', 'visit_planned', 'correcting'].includes(stage)
// Worse than the pages are: somebody who never said anything of ties is let in to evaluate, and only the end can stop it.
const letIn = (world: World, who: Person) => holds(who, 'assessor') && inEvaluation(world) && (!world.declared.has(who) || isFree(world, who))
const holds = (who: Person, role: Role) => (roles[who] as readonly Role[]).includes(role)

const does: Partial<Record<Call['what'], (world: World, call: Call) => void>> = {
  declare: (world, { who, tied }) => { if (!world.declared.has(who)) world.declared.set(who, Object.fromEntries(interestQuestions.map((question, nth) => [question, tied && nth === 0])) as InterestAnswers) },
  advise: (world, { who }) => { if (!world.parts.has(who)) world.parts.set(who, 'adviser') },
  rate: (world, { who }) => { if (letIn(world, who)) evaluates(world, who) },
  raise(world, { who, grade }) {
    if (!letIn(world, who) || !findingStages.includes(world.stage)) return
    evaluates(world, who)
    world.findings.push({ grade, done: null, reviews: [], waits: false })
  },
  respond(world, { who, tied }) {
    const finding = world.findings.find(one => findingMove({ grade: one.grade, state: stateOf(one) }) === 'applicant')
    if (finding && holds(who, 'applicant') && findingStages.includes(world.stage)) Object.assign(finding, { done: tied ? 'planned' : 'done', waits: true })
  },
  review(world, { who, outcome }) {
    const finding = world.findings.find(({ waits }) => waits)
    if (!finding || !letIn(world, who) || isRefusal(mayReview({ stage: world.stage, held: roles[who], superseded: false, grade: finding.grade, state: stateOf(finding), done: finding.done }, outcome))) return
    evaluates(world, who)
    Object.assign(finding, { reviews: [...finding.reviews, outcome], waits: false })
  },
  sign(world, { who }) {
    const answer = step(world.stage, 'certify', roles[who], factsFor(world, who))
    if (isRefusal(answer) && answer.refused === 'needs' && answer.missing?.join() === 'second_signature') world.signed.push(who)
  },
  alter(world) { if (world.stage === 'awaiting_decision') world.content += 1 },
}

function act(world: World, action: Action, who: Person) {
  const outcome = step(world.stage, action, roles[who], factsFor(world, who))
  if (isRefusal(outcome)) return
  if (outcome.as === 'assessor') evaluates(world, who)
  if (outcome.as === 'operator') world.parts.set(who, world.parts.get(who) ?? 'screener')
  if (outcome.stage === 'awaiting_decision') world.sealed = world.content
  Object.assign(world, { stage: outcome.stage, by: who })
}

function walk(steps: readonly Call[]): World {
  const world: World = { stage: 'draft', parts: new Map(), declared: new Map(), findings: [], content: 0, sealed: null, signed: [], by: null }
  for (const made of steps) {
    if (world.stage === 'certified') break
    const deed = does[made.what]
    if (deed) deed(world, made)
    else act(world, made.what as Action, made.who)
  }
  return world
}

const isOpenAndGrave = ({ grade, reviews, waits }: Finding) => ['zero_tolerance', 'major'].includes(grade) && (waits || reviews.at(-1) !== 'verified')

/** What is wrong with a certificate, by what was done. */
function wrongs({ stage, parts, declared, findings, content, sealed, signed, by }: World): string[] {
  if (stage !== 'certified' || !by) return []
  return [
    parts.has(by) && 'the decider took part', !signed.some(who => who !== by && !parts.has(who)) && 'nobody else signed who took no part',
    [...parts].some(([who, part]) => part === 'desk_reviewer' && !declared.has(who)) && 'somebody evaluated and declared nothing',
    findings.some(isOpenAndGrave) && 'a grave finding is open', sealed === null && 'nothing was sealed', sealed !== content && 'the dossier is not what was sealed',
  ].filter(wrong => wrong !== false)
}

it(`no walk of ${runs} certifies with a decider who took part, an undeclared interest, an open blocking finding or an unsealed dossier`, () => {
  const reached = { certified: 0, withFinding: 0 }
  fc.assert(fc.property(walks, steps => {
    const world = walk(steps)
    if (world.stage === 'certified') reached[world.findings.some(({ grade }) => ['zero_tolerance', 'major'].includes(grade)) ? 'withFinding' : 'certified'] += 1
    expect(wrongs(world)).toEqual([])
  }), { numRuns: runs })
  expect([reached.certified > 20, reached.withFinding > 20]).toEqual([true, true]) // the walks come to the end, also over findings that were closed
})
