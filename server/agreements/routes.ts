import type { FastifyRequest } from 'fastify'
import { AgreementList, AgreementPage, ByKind, SignedOut, SignForm } from '../../schema/agreement-shapes.ts'
import { seeOther } from '../http/negotiation.ts'
import { writeOnce } from '../http/once.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { agreementList, agreementPage } from './pages.ts'
import { sign } from './sign.ts'

export function agreementRoutes(app: App, { database: { db }, now }: World) {
  const may = ['applicant'] as const
  const load = (request: FastifyRequest) => agreementPage(db, signedIn(request).employerId, ByKind.parse(request.params).kind)

  app.get('/agreements', { config: { may, operation: 'agreements.index', page: 'agreements/index' }, schema: { response: { 200: AgreementList } } },
    request => agreementList(db, signedIn(request).employerId))

  app.get('/agreements/:kind', { config: { may, operation: 'agreements.show', page: 'agreements/show' }, schema: { params: ByKind, response: { 200: AgreementPage } } }, load)

  app.post('/agreements/:kind', { config: { may, operation: 'agreements.sign', form: { page: 'agreements/show', shape: AgreementPage, load } },
    schema: { params: ByKind, body: SignForm, response: { 201: SignedOut } } }, async (request, reply) => {
    const { body: { once, version, signerName, signerTitle }, params: { kind } } = request, { employerId, personId } = signedIn(request)
    const signing = { employerId, personId, kind, version, signerName, signerTitle, requestId: request.id, now: now() }
    return seeOther(request, reply, '/agreements', orRefuse(await writeOnce(db, { once, personId }, tx => sign(tx, signing))), { flash: 'agreements.signed_now' })
  })
}
