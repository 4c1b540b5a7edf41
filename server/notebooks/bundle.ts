import type { z } from 'zod'
import type { Bundle } from '../../schema/notebook-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { headOf } from '../applications/case-as.ts'
import type { Case } from '../applications/case.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { drawPage } from '../draws/queries.ts'
import type { Locale } from '../http/locale.ts'
import type { Viewer } from '../http/viewer.ts'
import { codesOf } from '../interviews/queries.ts'
import { standardById } from '../standard/queries.ts'
import { notesPage } from '../visits/notes.ts'
import { visitOf } from '../visits/queries.ts'

type Packed = z.infer<typeof Bundle>

/** Everything that a day without a network needs of one case, and nothing more: a lost phone is to lose as little as can be. */
export async function bundleOf(db: Db, theCase: Case, viewer: Viewer, { locale, now }: { locale: Locale; now: Date }): Promise<Packed | Refusal> {
  const { id, scope } = theCase
  const visit = await visitOf(db, id)
  const written = await notesPage(db, id, viewer, '', now)
  if (isRefusal(written)) return written
  const criteria = await criteriaFor(db, theCase, now)
  const { content } = await standardById(db, theCase.standardId)
  const { nameJa, nameEn, stage } = headOf(theCase, now)
  return {
    applicationId: id, takenAt: now, nameJa, nameEn, stage, workers: scope?.workers ?? 0, foreignWorkers: scope?.foreignWorkers ?? 0,
    visit: visit && { startsOn: visit.startsOn, endsOn: visit.endsOn, announced: visit.announced, team: visit.team },
    sites: (scope?.sites ?? []).map(site => ({ ...site, visited: visit?.siteIds.includes(site.id) ?? false })),
    sections: content.sections.filter(({ id }) => criteria.some(({ section }) => section === id)).map(({ id, titleJa, titleEn }) => ({ id, titleJa, titleEn })),
    criteria: criteria.map(({ workerQuestion, ...asked }) => ({ ...asked, question: workerQuestion ? { ja: workerQuestion.ja, en: workerQuestion.en } : null })),
    sample: await sampleOf(db, theCase, viewer, { visit, locale, now }),
    notes: written.notes.map(({ criterion, note, writtenBy, writtenAt, photo }) => ({ criterion, note, by: writtenBy, at: writtenAt, photo: photo !== null })),
    after: 0,
  }
}

type Around = { visit: Awaited<ReturnType<typeof visitOf>>; locale: Locale; now: Date }

async function sampleOf(db: Db, { id }: Case, viewer: Viewer, { visit, locale, now }: Around): Promise<Packed['sample']> {
  const draws = await drawPage(db, id, viewer, { typed: {}, locale, now })
  const sample = visit?.calculation.sample
  return {
    total: visit?.interviewsPlanned ?? 0, oneToOne: sample?.oneToOne ?? 0, inGroups: sample?.inGroups ?? 0, peers: sample?.japanesePeers ?? 0, representatives: sample?.workerRepresentative ?? 0,
    codes: await codesOf(db, id), strata: isRefusal(draws) ? [] : draws.draws[0]?.drawn ?? [],
  }
}
