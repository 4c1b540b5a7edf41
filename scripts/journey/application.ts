import { contract, emergencyExit, hand, wageLedger, workRules, type EvidenceFile } from './evidence.ts'
import { selfAssessed } from './findings.ts'
import type { Person } from './person.ts'
import { expectSame, expectThat, type Tell } from './telling.ts'

type Hub = { head: { version: number; stage: string }; lacks: { items: object[] }[]; maySubmit: boolean }
type Answers = { sections: { criteria: { id: string; state: string }[] }[] }
type Answer = { needsDocument: boolean; answer: { version: number } }

/** Starts an application, answers what applies, attaches what shows it, and hands it in. Returns its id. */
export async function askForCertification(employer: Person, tell: Tell): Promise<string> {
  const { id } = await employer.post<{ id: string }>('/applications')
  expectSame('a second application while one is open', await employer.refused('/applications', {}), 'one_open_application')
  const at = `/applications/${id}`
  const missing = [await missingOf(employer, at)]
  tell(`starts an application; still missing: ${missing.at(-1)}`)
  const needing = await answerEverything(employer, at)
  missing.push(await missingOf(employer, at))
  tell(`answers every criterion that applies; still missing: ${missing.at(-1)}`)
  await attachEvidence(employer, at, needing)
  missing.push(await missingOf(employer, at))
  tell(`attaches four documents to ${needing.length} criteria; still missing: ${missing.at(-1)}`)
  expectThat('what is missing shrinks to nothing', missing.every((count, index) => index === 0 || count < (missing[index - 1] ?? 0)) && missing.at(-1) === 0)
  await submit(employer, at)
  tell('submits')
  return id
}

// What the page of the application says is still missing.
async function missingOf(employer: Person, at: string): Promise<number> {
  const { lacks } = await employer.get<Hub>(at)
  return lacks.reduce((sum, { items }) => sum + items.length, 0)
}

// As the page leads: each answer saved on its own, then to the next one without an answer.
async function answerEverything(employer: Person, at: string): Promise<string[]> {
  const { sections } = await employer.get<Answers>(`${at}/answers`)
  const needing: string[] = []
  for (const { id } of sections.flatMap(({ criteria }) => criteria)) {
    const { needsDocument, answer: { version } } = await employer.get<Answer>(`${at}/answers/${id}`)
    const { answer = 'yes', explanation = '', reason = '' } = selfAssessed[id] ?? {}
    await employer.post(`${at}/answers/${id}`, { answer, explanation, reason, version })
    if (needsDocument && answer !== 'not_applicable') needing.push(id)
  }
  return needing
}

// Each file is handed in once and serves many criteria.
export const drawers: [file: EvidenceFile, criteria: RegExp][] = [
  [wageLedger, /^RE-(01\.1|05\.[4-7]|07|13)/],
  [contract, /^RE-(03|04|06|11|14)/],
  [emergencyExit, /^RE-(08\.[35]|09)/],
  [workRules, /^RE-/],
]

async function attachEvidence(employer: Person, at: string, needing: string[]) {
  const left = new Set(needing)
  for (const [file, criteria] of drawers) {
    const { documentId } = await hand(employer, `${at}/evidence`, file)
    for (const criterion of [...left].filter(id => criteria.test(id))) {
      await employer.post(`${at}/evidence/${criterion}/attachments`, { documentId })
      left.delete(criterion)
    }
  }
}

async function submit(employer: Person, at: string) {
  const { head, maySubmit } = await employer.get<Hub>(at)
  expectThat('the employer may submit', maySubmit)
  await employer.post(`${at}/steps`, { action: 'submit', version: head.version })
  expectSame('the stage after submitting', (await employer.get<Hub>(at)).head.stage, 'submitted')
}
