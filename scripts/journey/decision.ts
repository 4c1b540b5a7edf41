import { signInAs, until, type Person } from './person.ts'
import { expectSame, expectThat, type Tell } from './telling.ts'

type Gate = { gate: string; passed: boolean }
type DecisionPage = {
  application: { version: number; stage: string }; mayDecide: boolean; missing: string[]
  dossier: { sha256: string; gates: Gate[]; parts: { name: string }[] } | null; certificate: { state: string; number: string } | null
}

/** Two who took no part read the sealed file, one after the other; the first signs, the second decides; the certificate is drawn and signed by a job. Returns its number. */
export async function decide(url: string, { applicationId, employer }: { applicationId: string; employer: Person }, tell: Tell): Promise<string> {
  const path = `/applications/${applicationId}/decision`
  await sign(await signInAs(url, 'tanaka@akashi.example'), path, tell)
  const decider = await signInAs(url, 'kobayashi@akashi.example')
  const { application, mayDecide, missing, dossier } = await decider.get<DecisionPage>(path)
  expectThat('the decision maker sees the dossier and may decide', dossier && mayDecide && missing.length === 0)
  expectSame('the gates that are not passed', dossier.gates.filter(({ passed }) => !passed), [])
  expectThat('whoever took part is named in the dossier, and the decider is not', !dossier.parts.some(({ name }) => name === decider.name) && dossier.parts.some(({ name }) => name === '佐藤 誠'))
  const { certificateNumber } = await decider.post<{ certificateNumber: string | null }>(path, {
    outcome: 'certify', reasons: '基準への適合と重大な指摘の是正を、記録により確認した。', version: application.version, dossierSha256: dossier.sha256,
  })
  expectThat('a certificate number is reserved', certificateNumber)
  tell(`${decider.name}, who took no part, certifies on the dossier ${dossier.sha256.slice(0, 12)}…`)

  await until('the certificate to be issued', async () => (await decider.get<DecisionPage>(path)).certificate?.state === 'issued')
  tell(`the certificate ${certificateNumber} is drawn, signed, checked and issued`)
  await employer.bytes(`/c/${certificateNumber}/certificate.pdf`)
  tell('the employer downloads it')
  return certificateNumber
}

// A first certificate is signed by two.
async function sign(signer: Person, path: string, tell: Tell): Promise<void> {
  const { application: { version }, dossier } = await signer.get<DecisionPage>(path)
  const { outcome, certificateNumber } = await signer.post<{ outcome: string; certificateNumber: string | null }>(path, {
    outcome: 'certify', reasons: '面談と賃金台帳の記録を確認した。', version, dossierSha256: dossier?.sha256,
  })
  expectSame('what one signature alone brings', { outcome, certificateNumber }, { outcome: 'signed', certificateNumber: null })
  tell(`${signer.name}, who took no part, signs first; nothing is certified yet`)
}
