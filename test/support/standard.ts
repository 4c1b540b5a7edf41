import { readFileSync } from 'node:fs'
import { readStandard } from '../../server/standard/read.ts'

/** The standard that the project carries, as text and as data. */
export const standardText = readFileSync(new URL('../../schema/standards/re-0.1.0.yaml', import.meta.url), 'utf8')
export const standard = readStandard(standardText)

export const criterion = (id: string) => {
  const found = standard.criteria.find(candidate => candidate.id === id)
  if (!found) throw new Error(`no criterion ${id}`)
  return found
}
