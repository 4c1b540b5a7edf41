#!/usr/bin/env node
import { check, type Outcome } from './verify/check.ts'
import { failed } from './verify/finding.ts'
import { languageOf, readOptions, type Options } from './verify/options.ts'
import { asJson, asText, resultOf, usage } from './verify/report.ts'

// akashi-verify: checks a certificate, a credential, a proof or the whole log, and trusts no database of ours. It needs this folder, server/proof,
// server/domain and three packages; nothing else of the server. Exit 0: authentic and valid; 1: something failed or stayed open; 2: not understood.
const options = readOptions(process.argv.slice(2), process.env)
if (options === 'usage') {
  console.error(usage(languageOf(process.env['LC_ALL'] || process.env['LANG'])))
  process.exitCode = 2
} else process.exitCode = await tell(options)

async function tell(options: Options): Promise<number> {
  const outcome = await checked(options), result = resultOf(outcome, options.url !== null)
  console.log((options.json ? asJson : asText)(outcome, result, options.lang))
  return result === 'authentic' ? 0 : 1
}

// Whatever a hostile file makes of this program, whoever runs it gets a plain answer.
async function checked(options: Options): Promise<Outcome> {
  try {
    return await check(options, new Date())
  } catch {
    return { kind: null, day: '', findings: [failed('file', { path: options.file ?? options.url ?? '' }, 'kind')], asOf: null, trusted: null }
  }
}
