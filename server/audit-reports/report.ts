import { isFromTheField } from '../../schema/documents.ts'
import { tallyOf } from '../domain/scorecard.ts'
import { bandOrNothing } from '../domain/anonymity.ts'
import { bandOf } from '../domain/bands.ts'
import { industries } from '../domain/industries.ts'
import type { Standard } from '../standard/queries.ts'
import { findingsIn } from './findings.ts'
import { photosIn } from './photos.ts'
import type { SealedFile, SealedRows } from './sealed.ts'

/** inside: for those who evaluate, decide and run the scheme. client: for the employer, after the decision. */
export type Edition = 'inside' | 'client'
export type AuditReport = ReturnType<typeof auditReport>

/**
 * What an audit found, from the sealed file alone, so that each of its numbers is one of the dossier's. People are counted in bands, and nobody's words are repeated: in the client's
 * edition neither what workers said nor how many spoke (decisions.md 3), nor what assessors noted for themselves.
 */
export function auditReport(file: SealedFile, standard: Standard, edition: Edition) {
  const [application] = file.of('application'), [visit] = file.of('visits'), ratings = file.of('ratings'), notes = file.of('notes')
  if (!application) throw new Error('a dossier without its application')
  const { scope } = application, inside = edition === 'inside', { content } = standard
  const seen = new Set(visit?.site_ids), answered = new Set(file.of('answers').map(({ criterion }) => criterion))
  const criteria = content.criteria.filter(({ id }) => answered.has(id) || ratings.some(({ criterion }) => criterion === id) || (inside && notes.some(({ criterion }) => criterion === id)))
  const judged = criteria.map(({ id, section, titleJa, titleEn, auditMethods }) => {
    const rating = ratings.find(({ criterion }) => criterion === id), onSite = notes.filter(({ criterion }) => criterion === id).toSorted((one, other) => one.written_at.localeCompare(other.written_at))
    return { id, section, titleJa, titleEn, rating: rating?.rating ?? null, note: inside ? rating?.note ?? '' : '', notes: inside ? onSite.map(({ note }) => note) : [], missedOnSite: auditMethods.includes('site_observation') && onSite.length === 0 }
  })
  const sections = content.sections.map(({ id, titleJa, titleEn }) => ({ id, titleJa, titleEn, counts: tallyOf(id, ratings), criteria: judged.filter(({ section }) => section === id) })).filter(({ criteria }) => criteria.length > 0)
  const recommendation = file.of('recommendations').toSorted((one, other) => one.written_at.localeCompare(other.written_at)).at(-1)
  return {
    edition, dossier: { sha256: file.sha256, sealedAt: file.sealedAt, logSeq: file.logSeq }, standard: { version: content.meta.version, titleJa: content.meta.titleJa, titleEn: content.meta.titleEn },
    holder: holderOf(scope), cycle: application.cycle, sites: scope.sites.map(({ id, kind, nameJa, addressJa, people }) => ({ kind, nameJa, addressJa, band: bandOf(people), visited: seen.has(id) })),
    visit: visit ? visitIn(visit, file) : null, sample: visit ? sampleIn(visit, file, edition) : null, meetings: meetingsIn(file), sections, totals: totalsOf(ratings),
    findings: findingsIn(file, standard), photos: photosIn(file), titles: new Map(content.criteria.map(({ id, titleJa, titleEn }) => [id, { titleJa, titleEn }])), documents: file.of('documents').filter(({ purpose }) => !isFromTheField(purpose)).length,
    recommendation: inside && recommendation ? { outcome: recommendation.outcome, summary: recommendation.summary, strengths: recommendation.strengths } : null,
    unseen: {
      unrated: judged.filter(({ rating }) => rating === null).map(({ id }) => id), notOnSite: judged.filter(({ missedOnSite, rating }) => missedOnSite && rating !== 'not_applicable').map(({ id }) => id),
      sites: scope.sites.filter(({ id }) => !seen.has(id)).map(({ nameJa }) => nameJa), unscanned: file.unscanned, exclusions: recommendation?.exclusions ?? '',
    },
  }
}

function holderOf({ nameJa, nameLatin, corporateNumber, addressJa, industry, workers, foreignWorkers }: SealedRows['application']['scope']) {
  const known = industries.find(({ value }) => value === industry) ?? { ja: industry, en: industry }
  return { nameJa, nameLatin, corporateNumber, addressJa, industryJa: known.ja, industryEn: known.en, workers: bandOf(workers), foreignWorkers: bandOf(foreignWorkers) }
}

function visitIn({ calculation: { effort }, ...visit }: SealedRows['visits'], file: SealedFile) {
  const editions = file.of('numbers').toSorted((one, other) => one.edition - other.edition)
  return {
    startsOn: visit.starts_on, endsOn: visit.ends_on, heldOn: visit.held_on, team: visit.team, personDays: visit.person_days, reckonedDays: effort.onSiteDays, deskDays: effort.deskDays, lines: effort.lines,
    factor: effort.factor, beyondTable: effort.beyondTable, justification: visit.justification, editions: editions.length,
  }
}

// Planned is what the table asks and the plan tells the employer; who came is a band, and below ten it is told to nobody outside.
function sampleIn({ interviews_planned: planned, calculation: { sample } }: SealedRows['visits'], file: SealedFile, edition: Edition) {
  const heldBy = (...forms: string[]) => file.of('interviews').filter(({ form }) => forms.includes(form)).reduce((sum, { people }) => sum + people, 0)
  const held = heldBy('single', 'group'), told = (people: number) => (edition === 'inside' ? bandOf(people) : bandOrNothing(people, bandOf))
  return {
    planned, oneToOne: sample.oneToOne, inGroups: sample.inGroups, peers: sample.japanesePeers, representative: sample.workerRepresentative, reasons: sample.reasons, rows: sample.rows,
    held: told(held), heldPeers: told(heldBy('peer')), heldRepresentative: told(heldBy('representative')), below: edition === 'inside' ? held < planned : null, othersBelow: edition === 'inside' && (heldBy('peer') < sample.japanesePeers || heldBy('representative') < sample.workerRepresentative),
  }
}

/** ISO/IEC 17021-1 9.4.7: what stayed disputed. The newest of a kind counts. */
function meetingsIn(file: SealedFile) {
  const written = file.of('meetings').toSorted((one, other) => one.written_at.localeCompare(other.written_at))
  return (['opening', 'closing'] as const).flatMap(kind => {
    const last = written.findLast(meeting => meeting.kind === kind)
    return last ? [{ kind, heldAt: new Date(last.held_at), disagreements: last.disagreements }] : []
  })
}

const totalsOf = (ratings: readonly SealedRows['ratings'][]) => (['conforms', 'minor', 'major', 'zero_tolerance', 'not_applicable'] as const).map(value => ({ value, count: ratings.filter(({ rating }) => rating === value).length }))
