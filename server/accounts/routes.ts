import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Cast, CodeForm, CodePage, EmailForm, ProfileForm, SecondFactor, SignedIn, SignInPage } from '../../schema/sign-in.ts'
import { staffRoles } from '../domain/roles.ts'
import { asLocale } from '../http/locale.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { sessionCookie, signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { cast, saveProfile, whoIs } from './queries.ts'
import { secretToEnrol, showSecondFactor } from './second-factor.ts'
import { addressOf, closeSession, openSession, sendCode, signInWithCode } from './sign-in.ts'
import { within } from '../adapters/database.ts'

const limited = { rateLimit: { max: 30, timeWindow: '1 minute' } }

export function accountRoutes(app: App, world: World) {
  const { database: { db }, now, development } = world
  const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: world.publicUrl.startsWith('https:') } as const
  const enter = (reply: FastifyReply, token: string) => reply.setCookie(sessionCookie, token, { ...cookie, maxAge: 12 * 3600 }).clearCookie('sign_in', cookie).clearCookie('next', cookie)
  const signInPage = async () => ({ cast: development ? await cast(db) : [] })

  app.get('/sign-in', { config: { may: 'anyone', operation: 'accounts.sign_in_page', page: 'accounts/sign-in' },
    schema: { querystring: z.object({ next: z.string().optional() }), response: { 200: SignInPage } } }, (request, reply) => {
    const next = ownPath(request.query.next)
    if (next) void reply.setCookie('next', next, { ...cookie, maxAge: 3600 })
    return signInPage()
  })

  app.post('/sign-in', { config: { may: 'anyone', operation: 'accounts.send_code', form: { page: 'accounts/sign-in', shape: SignInPage, load: signInPage }, ...limited },
    schema: { body: EmailForm, response: { 201: z.object({ signInId: z.string() }) } } }, async (request, reply) => {
    const sent = orRefuse(await sendCode(db, request.body.email, asLocale(request.locale), now()))
    void reply.setCookie('sign_in', sent.signInId, { ...cookie, maxAge: 900 })
    return seeOther(request, reply, '/sign-in/code', sent)
  })

  const codePage = async (request: FastifyRequest) => ({ email: await addressOf(db, request.cookies.sign_in) })
  app.get('/sign-in/code', { config: { may: 'anyone', operation: 'accounts.code_page', page: 'accounts/code' }, schema: { response: { 200: CodePage } } }, codePage)

  app.post('/sign-in/code', { config: { may: 'anyone', operation: 'accounts.sign_in', form: { page: 'accounts/code', shape: CodePage, load: codePage }, ...limited },
    schema: { body: CodeForm, response: { 201: SignedIn } } }, async (request, reply) => {
    const signInId = request.body.signInId ?? request.cookies.sign_in ?? ''
    if (!z.uuid().safeParse(signInId).success) throw new Refused({ refused: 'code_expired' })
    const { token, personId } = orRefuse(await signInWithCode(db, signInId, request.body.code, asLocale(request.locale), now()))
    enter(reply, token)
    return seeOther(request, reply, ownPath(request.cookies.next) ?? '/start', { personId })
  })

  app.get('/second-factor', { config: { may: 'signed_in', operation: 'accounts.second_factor_page', page: 'accounts/second-factor' }, schema: { response: { 200: SecondFactor } } },
    async request => ({ enrol: await secretToEnrol(db, signedIn(request)) }))

  app.post('/second-factor', { config: { may: 'signed_in', operation: 'accounts.second_factor', ...limited,
    form: { page: 'accounts/second-factor', shape: SecondFactor, load: async request => ({ enrol: await secretToEnrol(db, signedIn(request)) }) } },
    schema: { body: CodeForm, response: { 201: z.object({ shown: z.literal(true) }) } } }, async (request, reply) =>
    seeOther(request, reply, ownPath(request.cookies.next) ?? '/start', orRefuse(await showSecondFactor(db, signedIn(request), request.body.code, now()))))

  app.post('/sign-out', { config: { may: 'signed_in', operation: 'accounts.sign_out' }, schema: { response: { 201: z.object({}) } } }, async (request, reply) => {
    await closeSession(db, signedIn(request).tokenHash)
    void reply.clearCookie(sessionCookie, cookie)
    return seeOther(request, reply, '/', {}, { flash: 'accounts.signed_out' })
  })

  const profile = (request: FastifyRequest) => whoIs(db, signedIn(request))
  app.get('/profile', { config: { may: 'signed_in', operation: 'accounts.profile', page: 'accounts/profile' }, schema: { response: { 200: Cast } } }, profile)
  app.post('/profile', { config: { may: 'signed_in', operation: 'accounts.save_profile', form: { page: 'accounts/profile', shape: Cast, load: profile } },
    schema: { body: ProfileForm, response: { 201: Cast } } }, async (request, reply) => {
    await saveProfile(db, signedIn(request), request.body)
    return seeOther(request, reply, '/start', await profile(request), { flash: 'accounts.saved' })
  })

  // Where a person's work begins; nobody has to know their own address.
  app.get('/start', { config: { may: 'signed_in', operation: 'accounts.start' } }, (request, reply) => reply.redirect(startOf(request), 303))

  if (development) {
    app.post('/sign-in/as/:id', { config: { may: 'anyone', operation: 'accounts.sign_in_as' }, schema: { params: z.object({ id: z.uuid() }), response: { 201: SignedIn } } }, async (request, reply) => {
      const person = (await cast(db)).find(({ id }) => id === request.params.id)
      if (!person) throw new Refused({ refused: 'not_found' })
      enter(reply, await within(db, tx => openSession(tx, person.id, now(), { trusted: true })))
      return seeOther(request, reply, ownPath(request.cookies.next) ?? '/start', { personId: person.id })
    })
  }
}

const starts = { applicant: '/applications', operator: '/pipeline', assessor: '/assessments', decision_maker: '/decisions', committee_member: '/impartiality', buyer: '/watchlist' } as const

function startOf(request: FastifyRequest): string {
  const { roles: [role = 'applicant'], name, secondFactor } = signedIn(request)
  if (name === '') return '/profile'
  return staffRoles.some(staff => staff === role) && !secondFactor ? '/second-factor' : starts[role]
}

// Only a path of ours: //elsewhere and https://elsewhere are no places to send anybody. An address is ASCII, as a header must be.
const ownPath = (next: string | undefined) => (next && /^\/(?![/\\])[\x21-\x7E]{0,2000}$/.test(next) ? next : undefined)
