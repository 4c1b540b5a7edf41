import { and, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { ratings } from '../../schema/assessments.ts'
import type { FindingsPage } from '../../schema/finding-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { headOf } from '../applications/case-as.ts'
import { findCase, type Case } from '../applications/case.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { findingStages, isClosedFinding } from '../domain/findings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { draftedFinding } from '../notebooks/drafted-finding.ts'
import { standardById, type Standard } from '../standard/queries.ts'
import { lineOf } from './line.ts'
import { everyFindingOf, type Finding } from './queries.ts'

export type Asked = { criterion?: string | undefined; grade?: string | undefined; supersedes?: string | undefined; notebook?: string | undefined }
type Page = z.infer<typeof FindingsPage>

/** Every finding of a case, first what is overdue and soonest due; for the assessor also what still has to be raised. */
export async function findingsPage(db: Db, id: string, viewer: Viewer, asked: Asked, now: Date): Promise<Page | Refusal> {
  const theCase = await findCase(db, id, viewer)
  if (isRefusal(theCase)) return theCase
  const { content } = await standardById(db, theCase.standardId)
  const all = await everyFindingOf(db, id)
  const lines = all.map(finding => lineOf(finding, content.criteria, now))
  const current = lines.filter(({ superseded }) => !superseded)
  const seenAs = viewAs(theCase)
  return {
    head: headOf(theCase, now), viewer: seenAs, findings: current.toSorted(mostUrgent), superseded: lines.filter(({ superseded }) => superseded),
    counts: {
      all: current.filter(({ grade }) => grade !== 'observation').length, open: current.filter(({ open }) => open).length, closed: current.filter(({ state }) => isClosedFinding(state)).length,
      overdue: current.filter(({ overdue }) => overdue).length, yours: current.filter(({ move }) => move === seenAs).length,
    },
    bench: seenAs === 'assessor' && theCase.declared ? await benchOf(db, theCase, content, { all, asked, now }) : null,
  }
}

/** In which part this reader sees a finding. */
export const viewAs = ({ held }: Case): Page['viewer'] => (held.includes('assessor') ? 'assessor' : held.includes('applicant') ? 'applicant' : 'other')

type Line = Page['findings'][number]
const farAway = Number.MAX_SAFE_INTEGER
const mostUrgent = (one: Line, other: Line) => Number(other.open) - Number(one.open) || (one.due?.getTime() ?? farAway) - (other.due?.getTime() ?? farAway)

async function benchOf(db: Db, theCase: Case, content: Standard['content'], { all, asked, now }: { all: Finding[]; asked: Asked; now: Date }): Promise<Page['bench']> {
  const adverse = await db.select({ criterion: ratings.criterion, rating: ratings.rating }).from(ratings)
    .where(and(eq(ratings.applicationId, theCase.id), inArray(ratings.rating, ['minor', 'major', 'zero_tolerance'])))
  const ids = (await criteriaFor(db, theCase, now)).map(({ id }) => id)
  const topics = content.criteria.filter(({ id }) => ids.includes(id)).map(({ id, titleJa, titleEn }) => ({ id, titleJa, titleEn }))
  const isRaised = (criterion: string, rating: string) => all.some(finding => !finding.superseded && finding.criterion === criterion && finding.grade === rating)
  const replaced = all.find(({ id, superseded }) => id === asked.supersedes && !superseded)
  const drafted = asked.notebook ? await draftedFinding(db, theCase.id, asked.notebook) : null
  return {
    mayRaise: findingStages.includes(theCase.stage), isSurveillance: theCase.stage === 'certified',
    unraised: topics.flatMap(topic => adverse.filter(row => row.criterion === topic.id && !isRaised(row.criterion, row.rating)).map(({ rating }) => ({ ...topic, rating }))),
    topics,
    draft: {
      criterion: replaced?.criterion ?? asked.criterion ?? '', grade: asked.grade ?? replaced?.grade ?? drafted?.grade ?? '', supersedes: replaced?.id ?? '',
      statement: replaced?.statement ?? drafted?.statement ?? '', evidenceReference: replaced?.evidenceReference ?? drafted?.evidenceReference ?? '',
    },
  }
}
