import type { FastifyRequest } from 'fastify'
import { MisuseReportPage, MisuseReportsPage, MisuseStepForm, MisuseStepTaken } from '../../schema/misuse-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { publicReportRoutes } from './public.ts'
import { misuseReportPage, misuseReportsPage } from './queries.ts'
import { takeStep } from './take-step.ts'

export function misuseReportRoutes(app: App, world: World) {
  const { database: { db }, now, publicUrl } = world
  publicReportRoutes(app, world)

  app.get('/misuse-reports', { config: { may: ['operator'], operation: 'misuse_reports.index', page: 'misuse_reports/index' }, schema: { response: { 200: MisuseReportsPage } } },
    request => misuseReportsPage(db, signedIn(request), now()))

  const one = async (request: FastifyRequest) => {
    const page = await misuseReportPage(db, (request.params as { id: string }).id, { now: now(), publicUrl, viewer: signedIn(request) })
    if (!page) throw new Refused({ refused: 'not_found' })
    return page
  }
  app.get('/misuse-reports/:id', { config: { may: ['operator'], operation: 'misuse_reports.show', page: 'misuse_reports/show' }, schema: { params: ById, response: { 200: MisuseReportPage } } }, one)

  const form = { page: 'misuse_reports/show', shape: MisuseReportPage, load: one }
  app.post('/misuse-reports/:id/steps', { config: { may: ['operator'], operation: 'misuse_reports.step', form }, schema: { params: ById, body: MisuseStepForm, response: { 201: MisuseStepTaken } } },
    async (request, reply) => {
      const viewer = signedIn(request)
      const { once } = request.body
      const step = { reportId: request.params.id, body: request.body, viewer, now: now(), requestId: request.id }
      const taken = orRefuse(await writeOnce(db, { ...(once ? { once } : {}), personId: viewer.personId }, tx => takeStep(tx, step)))
      return seeOther(request, reply, `/misuse-reports/${request.params.id}`, taken, { flash: 'misuse_reports.kept' })
    })
}
