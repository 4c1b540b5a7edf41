import { LineCounter, parseDocument, type Document } from 'yaml'
import { StandardDocument } from '../../schema/standard-document.ts'
import { faultsIn } from './faults.ts'

/** A standard that cannot be used: one line for each fault, with its line in the file. */
export class StandardUnusable extends Error {
  override name = 'StandardUnusable'
  constructor(readonly faults: readonly string[]) { super(`The standard cannot be used:\n${faults.join('\n')}`) }
}

/** The YAML text of a standard as data, keys in camel case. Throws StandardUnusable when anything in it contradicts itself. */
export function readStandard(yamlText: string): StandardDocument {
  const lines = new LineCounter()
  const yaml = parseDocument(yamlText, { lineCounter: lines, uniqueKeys: true })
  if (yaml.errors.length > 0) throw new StandardUnusable(yaml.errors.map(error => error.message))
  const lineOf = (path: readonly PropertyKey[]) => `line ${lines.linePos(startOf(yaml, path)).line}`
  const parsed = StandardDocument.safeParse(inCamelCase(yaml.toJS()))
  const faults = parsed.success
    ? faultsIn(parsed.data)
    : parsed.error.issues.map(({ path, message }) => ({ path, message }))
  if (parsed.success && faults.length === 0) return parsed.data
  throw new StandardUnusable(faults.map(({ path, message }) => `${lineOf(path)}, ${named(yaml, path)}: ${message}`))
}

function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [camelCase(key), inCamelCase(inner)]))
}
const camelCase = (key: string) => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
