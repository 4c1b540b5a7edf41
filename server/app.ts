import type { Logger } from 'pino'
import { accountRoutes } from './accounts/routes.ts'
import { assessmentRoutes } from './assessments/routes.ts'
import { assignmentRoutes } from './assignments/routes.ts'
import { badgeRoutes } from './badges/routes.ts'
import { auditReportRoutes } from './audit-reports/routes.ts'
import { caseExportRoutes } from './case-exports/routes.ts'
import { certificateRoutes } from './certificates/routes.ts'
import { credentialRoutes } from './credentials/routes.ts'
import { complaintRoutes } from './complaints/routes.ts'
import { clarificationRoutes } from './clarifications/routes.ts'
import { competenceRoutes } from './competences/routes.ts'
import { interestRoutes } from './interests/routes.ts'
import { appointmentRoutes } from './appointments/routes.ts'
import { meetingRoutes } from './meetings/routes.ts'
import { drawRoutes } from './draws/routes.ts'
import { objectionRoutes } from './objections/routes.ts'
import { impartialityRoutes } from './impartiality/routes.ts'
import { pipelineRoutes } from './pipeline/routes.ts'
import { screeningRoutes } from './screenings/routes.ts'
import { appealRoutes } from './appeals/routes.ts'
import { agreementRoutes } from './agreements/routes.ts'
import { decisionRoutes } from './decisions/routes.ts'
import { answerRoutes } from './answers/routes.ts'
import { applicationRoutes } from './applications/routes.ts'
import { documentRoutes } from './documents/routes.ts'
import { dueDiligenceRoutes } from './due-diligence/routes.ts'
import { employerRoutes } from './employers/routes.ts'
import { evidenceRoutes } from './evidence/routes.ts'
import { findingRoutes } from './findings/routes.ts'
import { grantRoutes } from './grants/routes.ts'
import { healthRoutes } from './health/routes.ts'
import { homeRoutes } from './home/routes.ts'
import { describeApi, openApiRoutes } from './http/openapi.ts'
import { newServer, type App } from './http/server.ts'
import { interviewRoutes } from './interviews/routes.ts'
import { invitationRoutes } from './invitations/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { jobRoutes } from './jobs/routes.ts'
import { journalRoutes } from './journal/routes.ts'
import { logRoutes } from './log/routes.ts'
import { inboxRoutes } from './mails/inbox-routes.ts'
import { notebookFileRoutes } from './notebooks/file-routes.ts'
import { notebookRoutes } from './notebooks/routes.ts'
import { oversightRoutes } from './oversight/routes.ts'
import { misuseReportRoutes } from './misuse-reports/routes.ts'
import { reissueRoutes } from './reissues/routes.ts'
import { buyerRoutes } from './buyers/routes.ts'
import { watchlistRoutes } from './watchlist/routes.ts'
import { alertRoutes } from './alerts/routes.ts'
import { apiKeyRoutes } from './api-keys/routes.ts'
import { webhookRoutes } from './webhooks/routes.ts'
import { calendarRoutes } from './calendars/routes.ts'
import { listRoutes } from './lists/routes.ts'
import { standingDecisionRoutes } from './standing-decisions/routes.ts'
import { registerRoutes } from './register/routes.ts'
import { proofRoutes } from './proofs/routes.ts'
import { notebookShellRoutes } from './notebooks/shell-routes.ts'
import { offlineRoutes } from './offline/routes.ts'
import { recommendationRoutes } from './recommendations/routes.ts'
import { secondScoringRoutes } from './second-scorings/routes.ts'
import { sponsorshipRoutes } from './sponsorships/routes.ts'
import { standardRoutes } from './standard/routes.ts'
import { renewalRoutes } from './renewals/routes.ts'
import { changeRoutes } from './changes/routes.ts'
import { surveillanceRoutes } from './surveillance/routes.ts'
import { tieRoutes } from './ties/routes.ts'
import { translationRoutes } from './translations/routes.ts'
import { visitRoutes } from './visits/routes.ts'
import type { Inbox } from './adapters/inbox.ts'
import type { World } from './world.ts'

/** The table of contents: what this server serves, in reading order. */
export async function buildApp(world: World, logger: Logger, inbox?: Inbox): Promise<App> {
  const app = await newServer(world, logger)
  await describeApi(app, world.publicUrl)
  homeRoutes(app, world)
  accountRoutes(app, world)
  standardRoutes(app, world)
  employerRoutes(app, world)
  agreementRoutes(app, world)
  applicationRoutes(app, world)
  answerRoutes(app, world)
  evidenceRoutes(app, world)
  documentRoutes(app, world)
  caseExportRoutes(app, world)
  auditReportRoutes(app, world)
  pipelineRoutes(app, world)
  screeningRoutes(app, world)
  competenceRoutes(app, world)
  assignmentRoutes(app, world)
  objectionRoutes(app, world)
  drawRoutes(app, world)
  meetingRoutes(app, world)
  appointmentRoutes(app, world)
  tieRoutes(app, world)
  interestRoutes(app, world)
  assessmentRoutes(app, world)
  secondScoringRoutes(app, world)
  clarificationRoutes(app, world)
  visitRoutes(app, world)
  notebookShellRoutes(app, world)
  interviewRoutes(app, world)
  notebookRoutes(app, world)
  notebookFileRoutes(app, world)
  findingRoutes(app, world)
  recommendationRoutes(app, world)
  decisionRoutes(app, world)
  registerRoutes(app, world)
  certificateRoutes(app, world)
  standingDecisionRoutes(app, world)
  surveillanceRoutes(app, world)
  changeRoutes(app, world)
  renewalRoutes(app, world)
  appealRoutes(app, world)
  badgeRoutes(app, world)
  misuseReportRoutes(app, world)
  complaintRoutes(app, world)
  oversightRoutes(app, world)
  proofRoutes(app, world)
  logRoutes(app, world)
  reissueRoutes(app, world)
  credentialRoutes(app, world)
  invitationRoutes(app, world)
  sponsorshipRoutes(app, world)
  grantRoutes(app, world)
  dueDiligenceRoutes(app, world)
  keyRoutes(app, world)
  offlineRoutes(app, world)
  buyerRoutes(app, world)
  watchlistRoutes(app, world)
  listRoutes(app, world)
  calendarRoutes(app, world)
  alertRoutes(app, world)
  webhookRoutes(app, world)
  apiKeyRoutes(app, world)
  impartialityRoutes(app, world)
  jobRoutes(app, world)
  journalRoutes(app, world)
  translationRoutes(app, world)
  healthRoutes(app, world)
  openApiRoutes(app)
  if (inbox) inboxRoutes(app, inbox)
  await app.ready()
  return app
}
