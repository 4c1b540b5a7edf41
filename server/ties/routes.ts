import { desc, eq } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { ById } from '../../schema/shared.ts'
import { TieEndForm, TieForm, TieKept, TiesPage } from '../../schema/tie-forms.ts'
import { recordedTies } from '../../schema/ties.ts'
import type { Db } from '../adapters/database.ts'
import { addMonths } from '../domain/calendar.ts'
import { interest_months, interestQuestions } from '../domain/independence.ts'
import { staffRoles } from '../domain/roles.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn, type Viewer } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { endTie, recordTie } from './record-tie.ts'

/** Everybody of the scheme tells of their own ties (C3); nobody reads another's. */
export function tieRoutes(app: App, { database: { db }, now }: World) {
  const page = (request: FastifyRequest) => tiesPage(db, signedIn(request))
  const form = { page: 'ties/index', shape: TiesPage, load: page }
  const by = (request: FastifyRequest) => ({ viewer: signedIn(request), requestId: request.id, now: now() })
  const once = (request: FastifyRequest<{ Body: { once?: string | undefined } }>) => ({ personId: signedIn(request).personId, ...(request.body.once ? { once: request.body.once } : {}) })

  app.get('/ties', { config: { may: staffRoles, operation: 'ties.index', page: 'ties/index' }, schema: { response: { 200: TiesPage } } }, page)

  app.post('/ties', { config: { may: staffRoles, operation: 'ties.record', form }, schema: { body: TieForm, response: { 201: TieKept } } }, async (request, reply) => {
    const { corporateNumber, kind, statement } = request.body
    const kept = orRefuse(await writeOnce(db, once(request), tx => recordTie(tx, { corporateNumber: corporateNumber ?? '', kind, statement }, by(request))))
    return seeOther(request, reply, '/ties', kept, { flash: 'ties.recorded' })
  })

  app.post('/ties/:id/ending', { config: { may: staffRoles, operation: 'ties.end', form }, schema: { params: ById, body: TieEndForm, response: { 201: TieKept } } }, async (request, reply) =>
    seeOther(request, reply, '/ties', orRefuse(await writeOnce(db, once(request), tx => endTie(tx, request.params.id, request.body.endedOn, by(request)))), { flash: 'ties.ended' }))
}

async function tiesPage(db: Db, { personId, today }: Viewer): Promise<z.infer<typeof TiesPage>> {
  const rows = await db.select().from(recordedTies).where(eq(recordedTies.personId, personId)).orderBy(desc(recordedTies.recordedAt)).limit(200)
  const ties = rows.map(({ id, corporateNumber, kind, statement, endedOn, recordedAt }) => ({ id, corporateNumber, kind, statement, endedOn, recordedAt, countsUntil: endedOn && addMonths(endedOn, interest_months) }))
  return { ties, kinds: [...interestQuestions], today }
}
