import type { z } from 'zod'
import { InterviewContent, type NotebookPage } from '../../schema/notebook-shapes.ts'
import type { Case } from '../applications/case.ts'
import { japanDate } from '../domain/calendar.ts'
import { writableIn } from '../visits/notes.ts'
import type { Kept } from './shown.ts'

type Item = z.infer<typeof NotebookPage>['conflicts'][number]
type Waits = Item['heads'][number]['waits']

const open: readonly Case['stage'][] = ['desk_review', 'clarifying', 'visit_planned'] // a visit without notice begins later

type At = { stage: Case['stage']; team: ReadonlySet<string>; now: Date }

/** Why a version that stands is not in its own list; null where it is, or was refused there for good, or belongs to no list. */
export function waitsFor({ heads, earlier }: Omit<Item, 'item'>, { row: { kind, struck, content, writtenBy }, shown: { landed } }: Kept, { stage, team, now }: At): Waits {
  if (landed !== null || !['note', 'photo', 'interview'].includes(kind)) return null
  if (!team.has(writtenBy)) return 'left_the_team'
  if (kind !== 'interview') return open.includes(stage) || writableIn.includes(stage) ? null : 'closed_for_notes'
  if ([...heads, ...earlier].some(one => one.landed === 'interview')) return struck ? 'struck_after' : 'corrected_after'
  if (heads.length > 1) return 'two_versions'
  if (struck) return null
  if (!open.includes(stage)) return 'closed'
  const read = InterviewContent.safeParse(content)
  return read.success && read.data.heldOn > japanDate(now) ? 'day_to_come' : null
}
