import type { z } from 'zod'
import type { NotebookPage } from '../../schema/notebook-shapes.ts'

type Item = z.infer<typeof NotebookPage>['conflicts'][number]
type Version = Item['heads'][number]

/** Why a version that stands is not among the interviews; null where it is, or was refused there for good, or is no interview at all. */
export function waitsFor({ heads, earlier }: Item, { kind, landed, struck }: Version): Version['waits'] {
  if (kind !== 'interview' || landed !== null) return null
  if ([...heads, ...earlier].some(one => one.landed === 'interview')) return struck ? 'struck_after' : 'corrected_after'
  return heads.length > 1 ? 'two_versions' : null
}
