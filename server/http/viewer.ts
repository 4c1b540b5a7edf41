import { createHash } from 'node:crypto'
import { and, eq, gt, isNull, or, sql, type Placeholder } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { memberships, people, sessions } from '../../schema/accounts.ts'
import { apiKeys } from '../../schema/alerts.ts'
import { buyerMembers } from '../../schema/buyers.ts'
import { ties } from '../../schema/ties.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { staffRoles, type Role, type StaffRole } from '../domain/roles.ts'
import { asLocale, type Locale } from './locale.ts'
import { Refused } from './problems.ts'
import { wantsHtml } from './negotiation.ts'

/** `today`: the day in Japan on which they ask. `tiedTo`: the employers whose cases are not there for them on that day (C3). */
export type Viewer = {
  personId: string; name: string; email: string; locale: Locale; roles: Role[]; employerId: string | null; buyerId: string | null; secondFactor: boolean; tokenHash: string
  key: { id: string; scopes: readonly string[] } | null; today: string; tiedTo: readonly string[]
}
export type May = 'anyone' | 'signed_in' | readonly Role[]

export const sessionCookie = 'akashi_session'
export const keyPrefix = 'ak_'
export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex')

/** Who asks: the person behind the session cookie (or bearer token), or null. */
export async function viewerOf(db: Db, request: FastifyRequest, now: Date): Promise<Viewer | null> {
  const token = request.cookies[sessionCookie] ?? /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (!token) return null
  if (token.startsWith(keyPrefix)) return viewerOfKey(db, token, now)
  const tokenHash = hashToken(token)
  const [row] = await whoIs(db).execute({ tokenHash, now: now.toISOString(), today: japanDate(now) })
  if (!row) return null
  const staff = row.person.staffRoles as StaffRole[]
  return {
    personId: row.person.id, name: row.person.name, email: row.person.email, locale: asLocale(row.person.locale), tokenHash, key: null,
    roles: rolesOf(staff, row), employerId: row.employerId, buyerId: row.buyerId, secondFactor: row.secondFactorAt !== null,
    today: japanDate(now), tiedTo: row.tiedTo,
  }
}

// Every request asks: the statement is put together once.
const asked = new WeakMap<Db, ReturnType<typeof askWho>>()
function whoIs(db: Db) {
  const known = asked.get(db) ?? askWho(db)
  asked.set(db, known)
  return known
}
const askWho = (db: Db) => db.select({ person: people, employerId: memberships.employerId, buyerId: buyerMembers.buyerId, secondFactorAt: sessions.secondFactorAt, tiedTo: tiedToOn(sql.placeholder('today')) })
  .from(sessions).innerJoin(people, eq(people.id, sessions.personId)).leftJoin(memberships, eq(memberships.personId, people.id)).leftJoin(buyerMembers, eq(buyerMembers.personId, people.id))
  .where(and(eq(sessions.tokenHash, sql.placeholder('tokenHash')), gt(sessions.expiresAt, sql`${sql.placeholder('now')}::timestamptz`))).prepare('who')

/** C3: the employers that the person of the row, if they are staff, is tied to on this day. */
export const tiedToOn = (today: string | Placeholder) => sql<string[]>`case when cardinality(${people.staffRoles}) = 0 then '{}'::uuid[]
  else array(select distinct ${ties.employerId} from ${ties} where ${ties.personId} = ${people.id} and ${ties.until} > ${today}) end`

// Who belongs to a buyer watches; who belongs to nobody yet may still apply.
export function rolesOf(staff: StaffRole[], { employerId, buyerId }: { employerId: string | null; buyerId: string | null }): Role[] {
  if (staff.length > 0) return staff
  return [...(employerId || !buyerId ? ['applicant' as const] : []), ...(buyerId ? ['buyer' as const] : [])]
}

const written_every_ms = 60_000

/** The program behind an API key: it acts for its buyer, as the person who made it, and within its scopes. That it was used is written down, once a minute. */
async function viewerOfKey(db: Db, key: string, now: Date): Promise<Viewer | null> {
  const tokenHash = hashToken(key)
  const [row] = await db.select({ key: apiKeys, person: people }).from(apiKeys).innerJoin(people, eq(people.id, apiKeys.createdBy))
    .innerJoin(buyerMembers, and(eq(buyerMembers.personId, apiKeys.createdBy), eq(buyerMembers.buyerId, apiKeys.buyerId))) // whoever left acts for nobody
    .where(and(eq(apiKeys.keyHash, tokenHash), isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now))))
  if (!row) return null
  const { id, buyerId, scopes, lastUsedAt } = row.key
  if (!lastUsedAt || now.getTime() - lastUsedAt.getTime() > written_every_ms) await db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, id))
  return { personId: row.person.id, name: row.person.name, email: row.person.email, locale: asLocale(row.person.locale), roles: ['buyer'], employerId: null, buyerId, secondFactor: false, tokenHash, key: { id, scopes }, today: japanDate(now), tiedTo: [] }
}

/** Deny first: the route's own word about who may call it. Staff are staff only after their second factor (decisions.md 16). A key opens only what names a scope that it holds. */
export function admit(may: May, viewer: Viewer | null, scope?: string): void {
  if (viewer?.key && may !== 'anyone' && !(scope && viewer.key.scopes.includes(scope))) throw new Refused({ refused: 'scope_missing' })
  if (may === 'anyone') return
  if (!viewer) throw new Refused({ refused: 'not_signed_in' })
  if (may === 'signed_in') return
  if (!viewer.roles.some(role => may.includes(role))) throw new Refused({ refused: 'not_your_role' })
  if (staffRoles.some(role => viewer.roles.includes(role)) && !viewer.secondFactor) throw new Refused({ refused: 'second_factor_needed' })
}

const longest_way_back = 2000 // a header that no client takes helps nobody

/** The way to the door and back, for those who must come through it first; null for every other "no". */
export function doorFor(request: FastifyRequest, code: string): string | null {
  if (code !== 'not_signed_in' && code !== 'second_factor_needed') return null
  const door = code === 'not_signed_in' ? '/sign-in' : '/second-factor'
  const from = request.method === 'GET' ? request.url : ownPathOf(request.headers.referer, request.headers.host)
  return from && from.length <= longest_way_back ? `${door}?next=${encodeURIComponent(from)}` : door
}

/** A person who only wanted to read is led to the door at once; one who had typed something first gets it back on a page. */
export function leadToDoor(request: FastifyRequest, reply: FastifyReply, code: string): boolean {
  const door = doorFor(request, code)
  if (!door || request.method !== 'GET' || !wantsHtml(request)) return false
  void reply.code(303).header('location', door).send('')
  return true
}

function ownPathOf(referer: string | undefined, host: string | undefined): string | null {
  if (!referer || !URL.canParse(referer)) return null
  const { host: from, pathname } = new URL(referer)
  return from === host ? pathname : null
}

/** The viewer of a route that admits nobody else. */
export function signedIn(request: FastifyRequest): Viewer {
  if (!request.viewer) throw new Refused({ refused: 'not_signed_in' })
  return request.viewer
}
