import { randomUUID } from 'node:crypto'
import { drawers } from '../../../scripts/journey/application.ts'
import { selfAssessed, wanting } from '../../../scripts/journey/findings.ts'
import type { Visitor } from '../../support/visitor.ts'

// Sixty criteria are sixty times the same click, which without-script.test.ts makes. Here most are filled in by a program with the visitor's own
// session; the pages are left those of the first section and those that say something of their own.
type Answers = { sections: { criteria: { id: string }[] }[] }
type Answer = { needsDocument: boolean; answer: { version: number } }

const byHand = (criterion: string) => /^RE-0[12]\./.test(criterion) || criterion in selfAssessed || wanting.some(each => each.criterion === criterion)

function program({ page }: Visitor) {
  const headers = { accept: 'application/json', origin: new URL(page.url()).origin }
  const said = async (answer: { status(): number; url(): string; text(): Promise<string> }) => {
    if (answer.status() >= 400) throw new Error(`${answer.url()} → ${answer.status()} ${await answer.text()}`)
    return JSON.parse(await answer.text())
  }
  return {
    get: async <Body>(path: string): Promise<Body> => said(await page.request.get(path, { headers })),
    post: async (path: string, body: object) => said(await page.request.post(path, { headers, data: { once: randomUUID(), ...body } })),
  }
}

export async function answersMost(visitor: Visitor, at: string): Promise<void> {
  const { get, post } = program(visitor)
  const { sections } = await get<Answers>(`${at}/answers`)
  for (const { id } of sections.flatMap(({ criteria }) => criteria).filter(({ id }) => !byHand(id))) {
    const { answer: { version } } = await get<Answer>(`${at}/answers/${id}`)
    await post(`${at}/answers/${id}`, { answer: 'yes', explanation: '', reason: '', version })
  }
}

export async function attachesMost(visitor: Visitor, at: string): Promise<void> {
  const { get, post } = program(visitor)
  const { sections } = await get<Answers>(`${at}/answers`)
  const { documents } = await get<{ documents: { id: string; name: string }[] }>(`${at}/evidence`)
  for (const { id } of sections.flatMap(({ criteria }) => criteria).filter(({ id }) => !byHand(id))) {
    if (!(await get<Answer>(`${at}/answers/${id}`)).needsDocument) continue
    const [file] = drawers.find(([, criteria]) => criteria.test(id)) ?? []
    const document = documents.find(({ name }) => name === decodeURIComponent(file?.file.pathname.split('/').at(-1) ?? ''))
    await post(`${at}/evidence/${id}/attachments`, { documentId: document?.id })
  }
}

export async function ratesMost(visitor: Visitor, at: string): Promise<void> {
  const { get, post } = program(visitor)
  const { sections } = await get<{ sections: { rows: { criterion: string }[] }[] }>(`${at}/assessment`)
  for (const { criterion } of sections.flatMap(({ rows }) => rows).filter(({ criterion }) => !byHand(criterion))) {
    const { version } = await get<{ version: number }>(`${at}/assessment/${criterion}`)
    await post(`${at}/assessment/${criterion}`, { rating: 'conforms', note: '', version })
  }
}
