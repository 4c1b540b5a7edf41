import { ReportQuery } from '../../schema/audit-report-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { findCase } from '../applications/case.ts'
import { japanDate } from '../domain/calendar.ts'
import { caseRoles } from '../domain/roles.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { asLocale } from '../http/locale.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { standardById } from '../standard/queries.ts'
import type { World } from '../world.ts'
import { drawReport } from './draw.ts'
import { editionFor } from './edition.ts'
import { pictureReader } from './pictures.ts'
import { auditReport } from './report.ts'
import { sealedFile } from './sealed.ts'

/** ISO/IEC 17021-1 9.4.8: a written report of the audit, from the file that the decision rests on. */
export function auditReportRoutes(app: App, { database: { db }, documents, signer }: World) {
  app.get('/applications/:id/report.pdf', { config: { may: caseRoles, operation: 'audit_reports.download' }, exposeHeadRoute: false, schema: { params: ById, querystring: ReportQuery } }, async (request, reply) => {
    const { params: { id }, query } = request, viewer = signedIn(request), locale = query.language ?? asLocale(request.locale)
    const theCase = orRefuse(await findCase(db, id, viewer)), { edition, role } = orRefuse(await editionFor(db, theCase))
    const file = await sealedFile(db, id)
    if (!file) throw new Refused({ refused: 'needs', missing: ['dossier_sealed'] })
    const pdf = await drawReport(auditReport(file, await standardById(db, theCase.standardId), edition), locale, { sample: signer.development, read: pictureReader(db, documents) })
    await record(db, { personId: viewer.personId, role, requestId: request.id }, { operation: 'audit_reports.download', applicationId: id, employerId: theCase.employerId, subjectId: id, after: { edition, language: locale } })
    return reply.headers({ 'content-disposition': contentDisposition(`akashi-audit-report-${id.slice(0, 8)}-${japanDate(file.sealedAt)}-${locale}.pdf`, 'inline'), 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' }).type('application/pdf').send(pdf)
  })
}
