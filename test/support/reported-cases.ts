import { randomUUID } from 'node:crypto'
import type { sealedFilesOn } from './sealed-files.ts'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>
export type Found = { criterion: string; grade: string; statement: string }

/** A case that was assessed at length: findings, notes, photos, a criterion without a rating, a site that nobody saw. */
export function reportedCasesOn({ world: { database: { sql } }, idOf }: Theatre, { awaiting }: Pick<ReturnType<typeof sealedFilesOn>, 'awaiting'>) {
  const find = (id: string, { criterion, grade, statement }: Found) => sql`insert into findings (id, application_id, criterion, criterion_version, grade, statement, evidence_reference, raised_by, verified_due)
    values (${randomUUID()}, ${id}, ${criterion}, '1', ${grade}, ${statement}, '賃金台帳 3月分', ${idOf('sato')}, '2027-02-01T00:00:00Z')`
  const note = (id: string, criterion: string, text: string) => sql`insert into visit_notes (id, application_id, criterion, note, written_by) values (${randomUUID()}, ${id}, ${criterion}, ${text}, ${idOf('sato')})`

  async function reported(how: Parameters<typeof awaiting>[0] & { findings?: Found[]; notes?: [string, string][]; more?: (id: string) => Promise<unknown> } = {}) {
    const { findings = [], notes = [], more, ...rest } = how
    return awaiting({
      ...rest, async before(id) {
        for (const [criterion, text] of notes) await note(id, criterion, text)
        for (const finding of findings) await find(id, finding)
        await more?.(id)
      },
    })
  }
  return { reported }
}
