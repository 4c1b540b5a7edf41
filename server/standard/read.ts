import { LineCounter, parseDocument } from 'yaml'
import { StandardDocument } from '../../schema/standard-document.ts'
import { camelCase, offsetOf } from './yaml-path.ts'
import { faultsIn, type Fault } from './faults.ts'

/** A standard that cannot be used: one sentence for each fault, with its line in the file. */
export class StandardUnusable extends Error {
  override name = 'StandardUnusable'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(`The standard cannot be used:\n${faults.join('\n')}`)
    this.faults = faults
  }
}

/** The YAML text of a standard as data, keys in camel case. Throws StandardUnusable when anything is wrong or contradicts the rest. */
export function readStandard(yamlText: string): StandardDocument {
  const lines = new LineCounter()
  const yaml = parseDocument(yamlText, { lineCounter: lines })
  if (yaml.errors.length > 0) throw new StandardUnusable(yaml.errors.map(error => error.message))
  const content = inCamelCase(yaml.toJS())
  const parsed = StandardDocument.safeParse(content)
  const faults: Fault[] = parsed.success ? faultsIn(parsed.data) : parsed.error.issues
  if (parsed.success && faults.length === 0) return parsed.data
  const lineOf = (path: Fault['path']) => lines.linePos(offsetOf(yaml.contents, path)).line
  throw new StandardUnusable(faults.map(({ path, message }) => `line ${lineOf(path)}, ${placeIn(content, path)}: ${message}`))
}

function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [camelCase(key), inCamelCase(inner)]))
}

// criteria.12.legalBasis.0.law is read more easily as RE-04.1.legalBasis.0.law
function placeIn(content: unknown, path: readonly PropertyKey[]): string {
  const [list, index, ...rest] = path
  const row = (content as Record<PropertyKey, unknown> | null)?.[list ?? '']
  const id: unknown = Array.isArray(row) && typeof index === 'number' ? row[index]?.id : undefined
  return (typeof id === 'string' ? [id, ...rest] : path).map(String).join('.') || 'the whole file'
}
