import { CaseExportPage } from '../../schema/case-export-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { headOf } from '../applications/case-as.ts'
import { findCase } from '../applications/case.ts'
import { japanDate } from '../domain/calendar.ts'
import { caseRoles } from '../domain/roles.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'
import { gather } from './gather.ts'
import { signedStatement } from './statement.ts'
import { caseZip } from './zip.ts'

/** C17, C32: a case leaves whole, in formats that everybody can read, and what is missing from it is told. */
export function caseExportRoutes(app: App, world: World) {
  const { database: { db }, documents: store, now } = world

  app.get('/applications/:id/export', { config: { may: caseRoles, operation: 'case_exports.show', page: 'case_exports/show' }, schema: { params: ById, response: { 200: CaseExportPage } } }, async request => {
    const theCase = orRefuse(await findCase(db, request.params.id, signedIn(request)))
    const { edition, documents, certificates, withheld, dossier } = await gather(db, theCase)
    const because = (reason: string) => withheld.filter(omission => omission.reason === reason).length
    return {
      head: headOf(theCase, now()), edition, files: documents.length + certificates.length, bytes: [...documents, ...certificates].reduce((sum, { size }) => sum + size, 0),
      waiting: because('not_yet_scanned'), infected: because('infected'), sealed: dossier !== null, report: dossier !== null, withheld: withheld.flatMap(({ id, reason }) => (reason === 'withheld_from_you' && /^case\.json#(.*)/.exec(id)?.[1]) || []),
    }
  })

  app.get('/applications/:id/export.zip', { config: { may: caseRoles, operation: 'case_exports.download' }, exposeHeadRoute: false, schema: { params: ById } }, async (request, reply) => {
    const { id } = request.params, viewer = signedIn(request), at = now()
    const theCase = orRefuse(await findCase(db, id, viewer))
    const gathered = await gather(db, theCase), { edition } = gathered
    // C33: on record before a byte leaves
    await record(db, { personId: viewer.personId, role: edition === 'employer' ? 'applicant' : edition, requestId: request.id }, { operation: 'case_exports.download', applicationId: id, employerId: theCase.employerId, subjectId: id, after: { edition, files: gathered.documents.length } })
    void reply.headers({ 'content-type': 'application/zip', 'content-disposition': contentDisposition(`akashi-case-${id.slice(0, 8)}-${japanDate(at)}.zip`, 'attachment'), 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' })
    return reply.send(caseZip(gathered, { at, store, sign: signedStatement(world, gathered, { caseId: id, employer: theCase.employerNameJa, at }) }))
  })
}
