import type { RemedyCounts } from '../../server/domain/oversight.ts'
import { recount } from '../../server/proof/remedies.ts'
import { textAt, Unreachable } from './fetch.ts'
import { failed, open, passed, type Finding } from './finding.ts'
import type { Mirror } from './mirror.ts'

const most = 100_000
const fields = ['received', 'answered', 'upheld', 'medianDays', 'longestDays'] as const satisfies readonly (keyof RemedyCounts)[]

/** Are the public counts of appeals and complaints those of the log? Each line that was left out, or told otherwise, changes one of them. */
export async function checkRemedies(url: string, mirror: Mirror): Promise<Finding> {
  try {
    const said = parsed(await textAt(`${url}/oversight`, most)), counted = recount(mirror.entries)
    if (!said) return open('remedies')
    const kind = (['appeals', 'complaints'] as const).find(name => fields.some(field => said[name]?.[field] !== counted[name][field]))
    if (!kind) return passed('remedies', { appeals: counted.appeals.received, complaints: counted.complaints.received })
    return said.logSize > mirror.checkpoint.size ? open('remedies') : failed('remedies', { kind }) // younger lines wait for the next checkpoint
  } catch (error) {
    if (error instanceof Unreachable) return open('remedies')
    throw error
  }
}

type Said = Partial<Record<'appeals' | 'complaints', Partial<RemedyCounts>>> & { logSize: number }

function parsed(text: string | undefined): Said | null {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null && typeof (value as Said).logSize === 'number' ? value as Said : null
  } catch {
    return null
  }
}
