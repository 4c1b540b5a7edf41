import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const files = globSync(['server/**/*.ts', 'schema/**/*.ts', 'web/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts'], { cwd: root }).sort()
const source = (file: string) => readFileSync(path.join(root, file), 'utf8')
const imports = (file: string) => [...source(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) =>
  name.startsWith('.') ? path.normalize(path.join(path.dirname(file), name)) : name)
const isOwn = (name: string) => /^(server|schema|web|scripts|test|templates)\//.test(name)

// domain ← proof, schema ← adapters ← http ← features ← app ← main. Own files and packages that each layer may import.
const may: [layer: string, own: RegExp, packages: RegExp][] = [
  ['server/domain/', /^server\/domain\//, /^$/],
  ['schema/', /^(server\/domain|schema)\//, /^(zod|drizzle-orm|uuid)(\/|$)/],
  ['server/proof/', /^server\/(domain|proof)\//, /^(node:|pkijs$|asn1js$|jose$)/], // the stand-alone checker: no database, no server
  ['scripts/verify', /^(server\/(domain|proof)\/|scripts\/verify)/, /^(node:|pkijs$|jose$|yauzl$)/],
  ['server/adapters/', /^(server\/domain|server\/proof|server\/adapters|schema)\//, /./],
  ['server/http/', /^(server\/(domain|proof|adapters|http)\/|schema\/|server\/world\.ts$)/, /./],
  ['web/', /^web\//, /^$/],
  ['web/notebook/', /^(web\/|server\/domain\/(anonymity|dossier|grading|interviews|notebook|photo-consent)\.ts$|schema\/(notebook-shapes|standard-questions)\.ts$)/, /^(idb|lit-html|uuid|zod)(\/|$)/], // what a device and the server must hash and merge alike; the wire as types
]

const layerOf = (file: string) => may.map(([layer]) => layer).filter(layer => file.startsWith(layer)).toSorted((one, other) => other.length - one.length)[0] // the nearest

describe('who may import whom', () => {
  it('sees the files', () => expect(files.length).toBeGreaterThan(100))

  it.each(may)('%s looks only down', (layer, own, packages) => {
    const wrong = files.filter(file => layerOf(file) === layer).flatMap(file =>
      imports(file).filter(name => (isOwn(name) ? !own.test(name) : !packages.test(name))).map(name => `${file} → ${name}`))
    expect(wrong).toEqual([])
  })

  it('no feature imports another feature’s routes', () => {
    const wrong = files.filter(file => file.startsWith('server/') && file !== 'server/app.ts').flatMap(file =>
      imports(file).filter(name => name.endsWith('/routes.ts')).map(name => `${file} → ${name}`))
    expect(wrong).toEqual([])
  })

  it('only the configuration reads the environment', () => {
    const reads = files.filter(file => file.startsWith('server/') && /process\.env\.\w/.test(source(file)))
    expect(reads).toEqual([])
  })
})

describe('the size of things', () => {
  const code = files.map(file => ({ file, lines: source(file).split('\n').length - 1 })).sort((one, other) => one.lines - other.lines)

  it('has no file above 250 lines', () => expect(code.filter(({ lines }) => lines > 250)).toEqual([]))
  it('has a median of at most 60 lines', () => expect(code[Math.floor(code.length / 2)]?.lines).toBeLessThanOrEqual(60))

  it.each(['utils', 'util', 'common', 'lib', 'types', 'constants', 'helpers/'])('has no folder %s', name => {
    expect(files.filter(file => file.split('/').slice(0, -1).includes(name.replace('/', '')))).toEqual([])
  })

  it('has no barrel', () => expect(files.filter(file => file.endsWith('/index.ts'))).toEqual([]))
})
