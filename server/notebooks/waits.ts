import type { z } from 'zod'
import { InterviewContent, type NotebookPage } from '../../schema/notebook-shapes.ts'
import type { Case } from '../applications/case.ts'
import { japanDate } from '../domain/calendar.ts'
import type { Kept } from './shown.ts'

type Item = z.infer<typeof NotebookPage>['conflicts'][number]
type Waits = Item['heads'][number]['waits']

const open: readonly Case['stage'][] = ['desk_review', 'clarifying', 'visit_planned'] // a visit without notice begins later

/** Why a version that stands is not among the interviews; null where it is, or was refused there for good, or is no interview at all. */
export function waitsFor({ heads, earlier }: Omit<Item, 'item'>, { row: { kind, struck, content }, shown: { landed } }: Kept, { stage, now }: { stage: Case['stage']; now: Date }): Waits {
  if (kind !== 'interview' || landed !== null) return null
  if ([...heads, ...earlier].some(one => one.landed === 'interview')) return struck ? 'struck_after' : 'corrected_after'
  if (heads.length > 1) return 'two_versions'
  if (struck) return null
  if (!open.includes(stage)) return 'closed'
  const read = InterviewContent.safeParse(content)
  return read.success && read.data.heldOn > japanDate(now) ? 'day_to_come' : null
}
