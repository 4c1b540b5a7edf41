import type { Cell } from '../adapters/csv.ts'
import { translate, type Locale } from '../http/locale.ts'
import { isValid } from '../invitations/progress.ts'
import type { Change } from './changes.ts'
import type { Export, Line } from './lines.ts'

export type Report = {
  order: Export; buyer: { nameJa: string; nameEn: string; corporateNumber: string | null }; orderedBy: string; lines: Line[]; changes: Change[]; changesTold: number
  receiptsSha256: string; receipts: number; publicUrl: string; sample: boolean
}

const columns = ['nth', 'supplier', 'country', 'tier', 'group', 'asked', 'matched', 'number', 'standing', 'since', 'expires', 'level', 'wanted', 'wanted_by', 'reached', 'checked_at', 'buyer', 'log_size', 'list_changed', 'receipts_sha256'] as const

export const columnsIn = (locale: Locale): string[] => columns.map(column => translate(locale, `due_diligence.col_${column}`))

/** One supplier as a row of the table. Whoever sorts or filters it keeps on every row who asked, by which state of the record, and which receipts prove it. */
export function rowOf(line: Line, { order, buyer, receiptsSha256 }: Report): Cell[] {
  const { locale } = order
  return [
    line.nth, line.name, line.country, line.tier, line.groupName, line.holder ?? '', matchedIn(locale, line), line.number ?? '', standingIn(locale, line), line.standingSince ?? '', line.expiresOn ?? '',
    line.level ?? '', line.wantedLevel ?? '', line.wantedBy ?? '', reachedIn(locale, line), line.checkedAt?.toISOString() ?? '', locale === 'ja' ? buyer.nameJa : buyer.nameEn,
    order.checkpointSize ?? 0, order.listChangedAt?.toISOString() ?? '', receiptsSha256,
  ]
}

export const matchedIn = (locale: Locale, { matched }: Line) => (matched ? translate(locale, `due_diligence.matched_${matched}`) : translate(locale, 'due_diligence.matched_none'))
export const standingIn = (locale: Locale, { standing }: Line) => (standing ? translate(locale, `certificates.standing_${standing}`) : translate(locale, 'due_diligence.not_on_register'))
export const reachedIn = (locale: Locale, line: Line) => (line.wantedLevel ? translate(locale, isReached(line) ? 'due_diligence.reached' : 'due_diligence.not_reached') : '')

// T3 < T4: the levels of the standard are named in their order.
const isReached = ({ wantedLevel, level, standing }: Line) => wantedLevel !== null && isValid(standing) && (level ?? '') >= wantedLevel
