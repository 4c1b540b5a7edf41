import { signInAs } from './person.ts'
import { expectSame, type Tell } from './telling.ts'

type Screening = { application: { version: number }; company: { nameJa: string } | null; checks: { holds: boolean }[]; signs: { holds: boolean }[] }
type Assignments = { assessors: { personId: string; name: string; load: number }[]; assignments: { name: string; endedAt: string | null }[] }


/** The operator: is it complete, is it in scope, who assesses it? */
export async function screenAndAssign(url: string, applicationId: string, tell: Tell): Promise<void> {
  const operator = await signInAs(url, 'suzuki@akashi.example')
  const { application, company, checks, signs } = await operator.get<Screening>(`/applications/${applicationId}/screening`)
  expectSame('what the operator finds complete and in scope', [...checks, ...signs].filter(({ holds }) => !holds), [])
  const { stage } = await operator.post<{ stage: string }>(`/applications/${applicationId}/screening`, { outcome: 'accept', version: application.version })
  expectSame('the stage after screening', stage, 'accepted')
  tell(`${operator.name} finds the application of ${company?.nameJa} complete and in scope`)

  const { assessors } = await operator.get<Assignments>(`/applications/${applicationId}/assignments`)
  const sato = assessors.find(({ name }) => name === '佐藤 誠')
  if (!sato) throw new Error(`佐藤 誠 is not among the assessors: ${assessors.map(({ name }) => name).join(', ')}`)
  await operator.post(`/applications/${applicationId}/assignments`, { personId: sato.personId, part: 'assessor' })
  const { assignments } = await operator.get<Assignments>(`/applications/${applicationId}/assignments`)
  expectSame('who is assigned', assignments.map(({ name }) => name), ['佐藤 誠'])
  tell(`assigns ${sato.name}, who has ${sato.load} open cases`)
}
