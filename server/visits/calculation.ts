import type { z } from 'zod'
import type { Scope } from '../../schema/applications.ts'
import type { Calculation } from '../../schema/visit-shapes.ts'
import { auditEffort } from '../domain/effort.ts'
import { interviewSample } from '../domain/sampling.ts'
import type { Standard } from '../standard/queries.ts'

export type Conditions = { siteIds: readonly string[]; interpreterLanguages: number; nightShift: boolean; cycle: number }
export type Calculated = z.infer<typeof Calculation>

/** C7: person-days and interview sample for these sites, with every row and addition that led to them. */
export function calculate(scope: Scope, { content }: Standard, { siteIds, interpreterLanguages, nightShift, cycle }: Conditions): Calculated {
  const seen = scope.sites.filter(({ id }) => siteIds.includes(id))
  const audit = {
    kind: cycle > 1 ? 'recertification' as const : 'initial' as const,
    workplaces: headCounts(scope, seen), housingSites: seen.filter(({ kind }) => kind === 'housing').length, interpreterLanguages, nightShift,
  }
  const { sample, effort } = { sample: interviewSample(scope, samplingTables(content)), effort: auditEffort(audit, content.auditEffort) }
  return { interpreterLanguages, nightShift, effort, sample }
}

const samplingTables = ({ interviewSampling, auditEffort: { amforiBsciComparison } }: Standard['content']) =>
  ({ foreignWorkerInterviews: interviewSampling.foreignWorkerInterviews, amforiBsciComparison })

// audit_effort: all workers on site, dispatched ones too. A firm with one workplace has all its workers there.
function headCounts(scope: Scope, seen: Scope['sites']): number[] {
  const workplaces = seen.filter(({ kind }) => kind === 'workplace').map(({ people }) => people)
  return workplaces.length === 1 ? [Math.max(scope.workers, ...workplaces)] : workplaces
}
