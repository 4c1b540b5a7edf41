import { registerHooks } from 'node:module'
import { readFileSync } from 'node:fs'

// openapi-typescript speaks to the API that TypeScript 7 no longer has: here, and only here, it gets version 5.
registerHooks({ resolve: (name, context, next) => next(name === 'typescript' ? 'typescript-5' : name, context) })
const { default: openapiTS, astToString } = await import('openapi-typescript')
process.stdout.write(astToString(await openapiTS(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')))))
