import { readFileSync } from 'node:fs'
import type { Outcome, Trusted } from './check.ts'
import type { Finding, Params } from './finding.ts'
import type { Language } from './options.ts'

type Said = Record<Language, string>
const words = JSON.parse(readFileSync(new URL('words.json', import.meta.url), 'utf8')) as {
  usage: Said; as_of: Said; trusted: Said; checks: Record<string, Record<string, Said>>
  verdicts: Record<string, Said>; results: Record<string, Said>; standings: Record<string, Said>; fields: Record<string, Said>
}

// What must have passed before a file of this kind is called authentic; whatever fails besides stops it too.
const line = ['proof_form', 'proof_signature', 'note', 'inclusion', 'standing']
const needed: Record<string, string[]> = {
  pdf: ['seal_digest', 'seal_signature', 'seal_chain', 'seal_covers', 'file_known', ...line, 'valid'],
  credential: ['credential_form', 'credential_issuer', 'credential_key', 'credential_signature', 'credential_dates', 'credential_known', ...line, 'valid'],
  proof: line, receipts: ['receipts'], export: ['export_zip', 'export_form', 'export_signature', 'export_manifest', 'export_entries', 'export_complete', 'export_documents', 'export_dossier'], checkpoint: ['checkpoint'], log: ['log', 'register'],
}

export const usage = (lang: Language): string => words.usage[lang]

/** 'authentic', 'no' when something failed, 'open' when what is needed could not be checked. */
export function resultOf({ kind, findings }: Outcome, online: boolean): 'authentic' | 'no' | 'open' {
  if (findings.some(({ verdict }) => verdict === 'failed')) return 'no'
  const wanted = [...needed[kind ?? 'log'] ?? [], ...online ? needed.log ?? [] : []]
  return wanted.every(check => findings.some(finding => finding.check === check && finding.verdict === 'passed')) ? 'authentic' : 'open'
}

export function sentenceOf({ check, verdict, variant, params }: Finding, lang: Language): string {
  const written = words.checks[check]?.[variant ? `${verdict}_${variant}` : verdict] ?? words.checks[check]?.[verdict]
  return filled(written?.[lang] ?? `${check}: ${verdict}`, Object.fromEntries(Object.entries(params).map(([name, value]) => [name, kinds[name]?.[value]?.[lang] ?? value])))
}

// Values that are words themselves.
const kinds: Record<string, Record<string, Said>> = { standing: words.standings, replayed: words.standings, field: words.fields }

const filled = (sentence: string, params: Params) => sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '?'))

/** For people: a line for each check, the result last. */
export function asText(outcome: Outcome, result: ReturnType<typeof resultOf>, lang: Language): string {
  const lines = outcome.findings.map(finding => `[${words.verdicts[finding.verdict]?.[lang]}] ${sentenceOf(finding, lang)}`)
  const asOf = outcome.asOf ? [filled(words.as_of[lang], { at: outcome.asOf })] : []
  return [...lines, '', conclusion(outcome, result, lang), ...asOf, ...outcome.trusted ? [trust(outcome.trusted, lang)] : []].join('\n')
}

const trust = ({ issuer, did, root }: Trusted, lang: Language) => filled(words.trusted[lang], { issuer, did: did.slice(0, 16), root: root.slice(0, 16) })

function conclusion({ kind, findings }: Outcome, result: ReturnType<typeof resultOf>, lang: Language): string {
  const name = result !== 'authentic' || kind === 'pdf' || kind === 'credential' ? result : `authentic_${kind ?? 'log'}`
  return filled(words.results[name]?.[lang] ?? name, { count: findings.filter(({ verdict }) => verdict === 'failed').length, all: findings.length })
}

/** For programs. */
export const asJson = (outcome: Outcome, result: ReturnType<typeof resultOf>, lang: Language): string => JSON.stringify({
  result, kind: outcome.kind, day: outcome.day, asOf: outcome.asOf, trusted: outcome.trusted, says: conclusion(outcome, result, lang),
  checks: outcome.findings.map(finding => ({
    check: finding.check, verdict: finding.verdict, ...finding.variant ? { because: finding.variant } : {}, says: sentenceOf(finding, lang), ...finding.params,
  })),
}, null, 2)
