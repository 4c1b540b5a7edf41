import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { CompetenceEnding, CompetenceForm, CompetenceKept, CompetencePage, CompetenceRegister } from '../../schema/competence-forms.ts'
import { ById, Id } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { competencePage, competenceRegister } from './queries.ts'
import { endCompetence, recordCompetence } from './record-competence.ts'

/** C20: the secretariat keeps the register; the committee reads it. */
export function competenceRoutes(app: App, { database: { db }, now }: World) {
  const page = async (request: FastifyRequest) => orRefuse(await competencePage(db, (request.params as { id: string }).id, signedIn(request)))
  const form = { page: 'competences/show', shape: CompetencePage, load: page }
  const by = (request: FastifyRequest) => ({ viewer: signedIn(request), requestId: request.id, now: now() })
  const once = (request: FastifyRequest<{ Body: { once?: string | undefined } }>) => ({ personId: signedIn(request).personId, ...(request.body.once ? { once: request.body.once } : {}) })
  const read = ['operator', 'committee_member'] as const

  app.get('/competences', { config: { may: read, operation: 'competences.index', page: 'competences/index' }, schema: { response: { 200: CompetenceRegister } } }, request => competenceRegister(db, signedIn(request)))

  app.get('/competences/:id', { config: { may: read, operation: 'competences.show', page: 'competences/show' }, schema: { params: ById, response: { 200: CompetencePage } } }, page)

  app.post('/competences/:id', { config: { may: ['operator'], operation: 'competences.record', form }, schema: { params: ById, body: CompetenceForm, response: { 201: CompetenceKept } } }, async (request, reply) => {
    const kept = orRefuse(await writeOnce(db, once(request), tx => recordCompetence(tx, request.params.id, request.body, by(request))))
    return seeOther(request, reply, `/competences/${request.params.id}`, kept, { flash: 'competences.recorded' })
  })

  app.post('/competences/:id/:competence/ending', { config: { may: ['operator'], operation: 'competences.end', form }, schema: { params: z.object({ id: Id, competence: Id }), body: CompetenceEnding, response: { 201: CompetenceKept } } }, async (request, reply) => {
    const { id, competence } = request.params
    return seeOther(request, reply, `/competences/${id}`, orRefuse(await writeOnce(db, once(request), tx => endCompetence(tx, id, competence, by(request)))), { flash: 'competences.ended' })
  })
}
