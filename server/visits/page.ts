import type { z } from 'zod'
import type { Scope } from '../../schema/applications.ts'
import type { PlanDraft, VisitPage } from '../../schema/visit-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { agreedDaysOf, unavailableDaysOf } from '../appointments/queries.ts'
import { headOf } from '../applications/case-as.ts'
import { findCase, type Case } from '../applications/case.ts'
import { factsOf } from '../applications/facts.ts'
import { japanDate } from '../domain/calendar.ts'
import { actionsFrom } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { isKnownTo, isOneOf, isSecret } from '../domain/visit-plan.ts'
import { foldDigits } from '../domain/text.ts'
import { findingsOf } from '../findings/queries.ts'
import type { Viewer } from '../http/viewer.ts'
import { itemsCount } from '../notebooks/items-count.ts'
import { standardById } from '../standard/queries.ts'
import { calculate } from './calculation.ts'
import { notesCount, numbersOf, visitOf, voiceOf, type Visit } from './queries.ts'

type Typed = z.infer<typeof PlanDraft>
type Page = z.infer<typeof VisitPage>

/** The plan for everybody with a part in the case (C7); the bench for its assessor alone. */
export async function visitPage(db: Db, id: string, viewer: Viewer, typed: Typed, now: Date): Promise<Page | Refusal> {
  const theCase = await findCase(db, id, viewer)
  if (isRefusal(theCase)) return theCase
  const kept = await visitOf(db, id), visit = kept && isKnownTo(kept, theCase) ? kept : null
  const isBench = theCase.held.includes('assessor') && theCase.declared
  const chosen = [typed.siteIds ?? visit?.siteIds ?? theCase.scope?.sites.map(({ id }) => id) ?? []].flat()
  const shown = isBench ? chosen : visit?.siteIds ?? []
  return {
    head: headOf(theCase, now),
    sites: (theCase.scope?.sites ?? []).map(site => ({ ...site, chosen: shown.includes(site.id) })).filter(site => isBench || site.chosen),
    plan: visit, numbers: visit ? await numbersOf(db, visit.id) : [],
    bench: isBench && theCase.scope ? await benchOf(db, { ...theCase, scope: theCase.scope }, { visit, viewer, typed, chosen, now }) : null,
  }
}

type Around = { visit: Visit | null; viewer: Viewer; typed: Typed; chosen: string[]; now: Date }

async function benchOf(db: Db, theCase: Case & { scope: Scope }, { visit, viewer, typed, chosen, now }: Around): Promise<Page['bench']> {
  const actions = actionsFrom(theCase.stage, theCase.held, await factsOf(db, theCase, viewer.personId, now))
  const closing = actions.find(({ action }) => action === 'close_visit')
  return {
    mayPlan: ['desk_review', 'visit_planned'].includes(theCase.stage) && !visit?.recordedAt,
    mayBegin: visit !== null && isSecret(visit) && theCase.stage === 'desk_review' && isOneOf(japanDate(now), visit),
    mayRecord: theCase.stage === 'visit_planned',
    draft: await draftOf(db, theCase, { visit, typed, chosen }),
    record: visit && recordOf(visit),
    voice: await voiceOf(db, theCase), notes: await notesCount(db, theCase.id), notebook: await itemsCount(db, theCase.id), findings: (await findingsOf(db, theCase.id)).length,
    mayClose: closing !== undefined, mayReopen: actions.some(({ action }) => action === 'reopen_visit'), missing: closing?.missing ?? [],
  }
}

async function draftOf(db: Db, theCase: Case & { scope: Scope }, { visit, typed, chosen }: Pick<Around, 'visit' | 'typed' | 'chosen'>) {
  const languages = wholeNumber(typed.interpreterLanguages) ?? visit?.calculation.interpreterLanguages ?? 1
  const isAsked = typed.interpreterLanguages !== undefined // an unticked box is not sent at all
  const nightShift = isAsked ? typed.nightShift === 'yes' : visit?.calculation.nightShift ?? false
  const agreed = await agreedDaysOf(db, theCase.id)
  const calculation = calculate(theCase.scope, await standardById(db, theCase.standardId), { siteIds: chosen, interpreterLanguages: languages, nightShift, cycle: theCase.cycle })
  return {
    startsOn: typed.startsOn ?? visit?.startsOn ?? agreed?.startsOn ?? '', endsOn: typed.endsOn ?? visit?.endsOn ?? agreed?.endsOn ?? '', agreed: agreed && { startsOn: agreed.startsOn, endsOn: agreed.endsOn }, team: typed.team ?? visit?.team ?? '',
    interpreterLanguages: String(languages), nightShift: nightShift ? 'yes' : '',
    personDays: typed.personDays ?? changed(visit?.personDays, visit?.calculation.effort.onSiteDays),
    interviewsPlanned: typed.interviewsPlanned ?? changed(visit?.interviewsPlanned, visit?.calculation.sample.total),
    justification: typed.justification ?? visit?.justification ?? '', announcement: typed.announcement ?? (visit?.announced === false ? 'unannounced' : 'announced'),
    unavailable: await unavailableDaysOf(db, theCase.id), calculation,
  }
}

const recordOf = (visit: Visit) => ({
  heldOn: visit.heldOn ?? '', openingMeeting: visit.openingMeeting, closingMeeting: visit.closingMeeting, workersInvited: String(visit.workersInvited ?? ''),
  workersAgreed: String(visit.workersAgreed ?? ''), fees: visit.fees ?? '', recordedAt: visit.recordedAt, version: visit.version,
})

// A number is shown in the field only when it was changed by hand; else the table's number stands beside it.
const changed = (kept?: number, reckoned?: number) => (kept === undefined || kept === reckoned ? '' : String(kept))

function wholeNumber(text: string | undefined): number | undefined {
  const digits = foldDigits(text ?? '')
  return /^\d{1,2}$/.test(digits) ? Math.min(16, Number(digits)) : undefined
}
