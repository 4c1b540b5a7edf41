import type { FastifyRequest } from 'fastify'
import { CompanyForm, EmployerPage, Kept, PopulationForm, RemovalForm, Saved, SiteForm } from '../../schema/employer-shapes.ts'
import { ById } from '../../schema/shared.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import type { Refusal } from '../domain/refusal.ts'
import { asLocale } from '../http/locale.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { employerPage } from './page.ts'
import { addSite, countPopulation, removePopulation, removeSite } from './places.ts'
import { saveCompany, type Writer } from './save.ts'

export function employerRoutes(app: App, { database: { db }, now }: World) {
  const may = ['applicant'] as const
  const load = (request: FastifyRequest) => employerPage(db, signedIn(request).employerId, asLocale(request.locale), now())
  const form = { page: 'employers/show', shape: EmployerPage, load }
  const write = async <T>(request: FastifyRequest<{ Body: { once?: string | undefined } }>, work: (tx: Db, writer: Writer) => Promise<T | Refusal>) => {
    const writer = { personId: signedIn(request).personId, requestId: request.id }
    const { once } = request.body
    return orRefuse(await writeOnce(db, { personId: writer.personId, ...(once ? { once } : {}) }, tx => work(tx, writer)))
  }

  app.get('/employer', { config: { may, operation: 'employers.show', page: 'employers/show' }, schema: { response: { 200: EmployerPage } } }, load)

  app.post('/employer', { config: { may, operation: 'employers.save', form }, schema: { body: CompanyForm, response: { 201: Saved } } }, async (request, reply) => {
    const { version, once, form: key, ...company } = request.body
    return seeOther(request, reply, '/employer', await write(request, (tx, writer) => saveCompany(tx, writer, company, version)), { flash: 'employers.saved' })
  })

  app.post('/employer/sites', { config: { may, operation: 'employers.add_site', form }, schema: { body: SiteForm, response: { 201: Kept } } }, async (request, reply) =>
    seeOther(request, reply, '/employer#places', await write(request, (tx, writer) => addSite(tx, writer, request.body)), { flash: 'employers.site_added' }))

  app.post('/employer/sites/:id/removal', { config: { may, operation: 'employers.remove_site', form }, schema: { params: ById, body: RemovalForm, response: { 201: Kept } } }, async (request, reply) =>
    seeOther(request, reply, '/employer#places', await write(request, (tx, writer) => removeSite(tx, writer, request.params.id)), { flash: 'employers.site_removed' }))

  app.post('/employer/populations', { config: { may, operation: 'employers.count_population', form }, schema: { body: PopulationForm, response: { 201: Kept } } }, async (request, reply) =>
    seeOther(request, reply, '/employer#people', await write(request, (tx, writer) => countPopulation(tx, writer, request.body, japanDate(now()))), { flash: 'employers.population_counted' }))

  app.post('/employer/populations/:id/removal', { config: { may, operation: 'employers.remove_population', form }, schema: { params: ById, body: RemovalForm, response: { 201: Kept } } }, async (request, reply) =>
    seeOther(request, reply, '/employer#people', await write(request, (tx, writer) => removePopulation(tx, writer, request.params.id)), { flash: 'employers.population_removed' }))
}
