import { z } from 'zod'
import { watchedStandings } from '../server/domain/portfolio.ts'
import { matchReasons, mostTiers, wantedLevels } from '../server/domain/suppliers.ts'
import { changeNames } from './register.ts'
import { count, day, line, neededLine } from './forms.ts'
import { Id, LegalDate, Once, Version } from './shared.ts'

const asked = (most: number) => z.string().max(most).refine(text => !text.includes('\0')).optional().catch(undefined)
export const WatchlistQuery = z.looseObject({
  q: asked(100), standing: z.enum(watchedStandings).optional().catch(undefined), tier: z.coerce.number().int().min(1).max(mostTiers).optional().catch(undefined), country: asked(2), group: asked(60), prefecture: asked(20),
  gap: z.enum(['open', 'reached']).optional().catch(undefined), after: asked(2000),
})
export type WatchlistQuery = z.infer<typeof WatchlistQuery>

const Certificate = z.object({ number: z.string(), nameJa: z.string(), standing: z.enum(watchedStandings), since: LegalDate, reasonClass: z.string().nullable(), expiresOn: LegalDate, tier: z.string(), edition: z.number() })
export const Supplier = z.object({
  id: Id, name: z.string(), corporateNumber: z.string().nullable(), prefecture: z.string(), country: z.string(), tier: z.number(), group: z.string(), wantedLevel: z.enum(wantedLevels).nullable(), wantedBy: LegalDate.nullable(),
  holder: z.string().nullable(), matched: z.enum(matchReasons).nullable(), standing: z.enum(watchedStandings), certificate: Certificate.nullable(), gap: z.boolean(), version: z.number(),
})
export type Supplier = z.infer<typeof Supplier>

const Change = z.object({ seq: z.number(), change: z.enum(changeNames), on: LegalDate, standing: z.enum(watchedStandings), before: z.string().nullable(), reasonClass: z.string().nullable(), number: z.string(), supplierId: Id, supplier: z.string() })

export const Watchlist = z.object({
  asked: WatchlistQuery, searching: z.boolean(), suppliers: z.array(Supplier), found: z.number(), all: z.number(), next: z.string().nullable(), first: z.boolean(), query: z.string(),
  portfolio: z.object({
    standings: z.array(z.object({ standing: z.enum(watchedStandings), suppliers: z.number() })), good: z.number(),
    expiries: z.array(z.object({ from: LegalDate, suppliers: z.number() })), mostExpiries: z.number(),
    tiles: z.array(z.object({ prefecture: z.string(), en: z.string(), short: z.string(), x: z.number(), y: z.number(), suppliers: z.number(), open: z.number() })), elsewhere: z.number(),
    gaps: z.array(z.object({ month: LegalDate, wanted: z.number(), reached: z.number(), ahead: z.boolean(), x: z.number(), gapY: z.number(), gapHeight: z.number(), reachedY: z.number(), reachedHeight: z.number() })), mostWanted: z.number(), open: z.number(),
    changes: z.array(Change),
  }).nullable(), // null on the pages of a search
  choices: z.object({ tiers: z.array(z.number()), countries: z.array(z.string()), groups: z.array(z.string()), prefectures: z.array(z.string()), standings: z.array(z.enum(watchedStandings)) }),
})
export type Watchlist = z.infer<typeof Watchlist>

export const SupplierPage = Supplier.extend({ addedBy: z.string(), addedOn: LegalDate, removedOn: LegalDate.nullable(), list: z.object({ id: Id, name: z.string() }).nullable(), certificates: z.array(Certificate), changes: z.array(Change) })

const wanted = z.union([z.literal(''), z.enum(wantedLevels)]).optional().transform(level => level || null)
const wantedDay = z.union([z.literal(''), day()]).optional().transform(date => date || null)
const bothOrNone = (form: { wantedLevel: unknown; wantedBy: unknown }, context: z.RefinementCtx) => {
  if ((form.wantedLevel === null) !== (form.wantedBy === null)) context.addIssue({ code: 'custom', path: [form.wantedLevel === null ? 'wantedLevel' : 'wantedBy'], message: 'field_missing' })
}
const country = line(2).optional().transform(text => text?.toUpperCase() || 'JP').refine(text => /^[A-Z]{2}$/.test(text), 'field_invalid')

export const SupplierForm = z.object({ name: neededLine(200), prefecture: line(20).default(''), country, tier: count(1, mostTiers), group: line(60).default(''), wantedLevel: wanted, wantedBy: wantedDay, version: Version, once: Once }).superRefine(bothOrNone)
/** By number or holder, or by name alone for a company that has no certificate yet. */
export const NewSupplier = z.object({ holder: z.string().regex(/^RE-JP-\d{4}-\d{6}$/, 'field_invalid').optional(), number: line(60).optional(), name: line(200).optional(), prefecture: line(20).optional(), country, tier: count(1, mostTiers).optional().default(1), group: line(60).optional(), once: Once })
  .refine(({ holder, number, name }) => holder || number || name, { path: ['name'], message: 'field_missing' })
export const LinkForm = z.object({ holder: z.string().regex(/^RE-JP-\d{4}-\d{6}$/, 'field_invalid'), once: Once })
export const OnceForm = z.object({ once: Once })
export const BatchForm = z.looseObject({ tier: z.union([z.literal(''), count(1, mostTiers)]).optional(), group: line(60).optional(), wantedLevel: wanted, wantedBy: wantedDay, once: Once }).superRefine(bothOrNone)
export const SupplierSaved = z.object({ id: Id })
export const BatchSaved = z.object({ changed: z.number() })
export const AddPage = z.object({
  q: z.string(), fault: z.enum(['number_mistyped']).nullable(), supplierId: Id.nullable(), supplier: z.string().nullable(),
  rows: z.array(z.object({ holder: z.string(), number: z.string(), nameJa: z.string(), prefecture: z.string(), standing: z.enum(watchedStandings), watched: z.boolean() })),
})
export const AddQuery = z.looseObject({ q: z.string().max(200).optional().catch(''), supplier: Id.optional().catch(undefined) })
