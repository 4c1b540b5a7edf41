import { randomUUID } from 'node:crypto'
import type { sealedFilesOn } from './sealed-files.ts'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>
export type Found = { criterion: string; grade: string; statement: string }

/** A case that was assessed at length: findings, notes, photos, a criterion without a rating, a site that nobody saw. */
export function reportedCasesOn({ world: { database: { sql } }, idOf }: Theatre, { awaiting }: Pick<ReturnType<typeof sealedFilesOn>, 'awaiting'>) {
  // Found, answered with a plan, the plan accepted: as findings stand when a case is recommended.
  async function find(id: string, { criterion, grade, statement }: Found) {
    const [finding, response] = [randomUUID(), randomUUID()]
    await sql`insert into findings (id, application_id, criterion, criterion_version, grade, statement, evidence_reference, raised_by, verified_due)
      values (${finding}, ${id}, ${criterion}, '1', ${grade}, ${statement}, '賃金台帳 3月分', ${idOf('sato')}, ${grade === 'observation' ? null : '2027-02-01T00:00:00Z'})`
    if (grade === 'observation') return
    await sql`insert into finding_responses (id, finding_id, cause, correction, corrective_action, done, responded_by) values (${response}, ${finding}, '手順書に書かれていなかった。', '差額を払った。', '手順書を改めた。', 'planned', ${idOf('yamada')})`
    await sql`insert into finding_reviews (id, finding_id, response_id, outcome, reviewed_by) values (${randomUUID()}, ${finding}, ${response}, 'plan_accepted', ${idOf('sato')})`
  }
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
