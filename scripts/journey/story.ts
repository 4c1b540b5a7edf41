import { askForCertification } from './application.ts'
import { foundCompany } from './company.ts'
import { correctFindings } from './correction.ts'
import { decide } from './decision.ts'
import { reviewAtTheDesk } from './desk-review.ts'
import { screenAndAssign } from './screening.ts'
import { expectThat, type Tell } from './telling.ts'
import { takeTheCase } from './taking-along.ts'
import { checkAsAnybody, type Checked } from './verification.ts'
import { auditOnSite } from './visit.ts'

/** From a first visit to a certificate that a stranger has checked, against the Akashi at `url`. Throws where the world is not as the story says. */
export async function playJourney(url: string, tell: Tell): Promise<Checked> {
  expectThat(`there is a running Akashi at ${url}`, (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok)
  const { employer, company } = await foundCompany(url, tell)
  const applicationId = await askForCertification(employer, tell)
  await screenAndAssign(url, applicationId, tell)
  const assessor = await reviewAtTheDesk(url, { applicationId, employer }, tell)
  await auditOnSite(assessor, applicationId, tell)
  await correctFindings({ assessor, employer, applicationId }, tell)
  const number = await decide(url, { applicationId, employer }, tell)
  const checked = await checkAsAnybody(url, { number, company }, tell)
  return { ...checked, kept: { ...checked.kept, 'case.zip': await takeTheCase(assessor, applicationId, tell) } }
}
