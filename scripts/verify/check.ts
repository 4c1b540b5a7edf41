import { createHash } from 'node:crypto'
import { japanDate } from '../../server/domain/calendar.ts'
import { carriedCheckpoint } from '../../server/proof/carried.ts'
import { readProof } from '../../server/proof/receipt.ts'
import { sealKeysOf } from '../../server/proof/seal/key.ts'
import { ask } from './ask.ts'
import { checkCheckpoints, keyFor, type Held } from './check-checkpoints.ts'
import { checkClock } from './check-clock.ts'
import { checkTwin } from './check-credential.ts'
import { checkWithLog } from './check-lines.ts'
import { checkDossiers } from './check-dossiers.ts'
import { checkExport } from './check-export.ts'
import { checkPdf } from './check-pdf.ts'
import { checkProof, type Proven } from './check-proof.ts'
import { checkReceipts } from './check-receipts.ts'
import { checkValid } from './check-standing.ts'
import { compareRegister, type Compared } from './compare.ts'
import { evidenceIn, nothing, type Evidence } from './evidence.ts'
import { open, type Finding } from './finding.ts'
import { formerLogKeysIn, logKeyIn } from './log-key.ts'
import { checkRemedies } from './check-remedies.ts'
import { mirrorLog, type Mirror } from './mirror.ts'
import type { Options } from './options.ts'
import { textAt, Unreachable } from './fetch.ts'
import { mostText, readStart, readText } from './read.ts'
import { readSubject, type Subject } from './subject.ts'

/** `asOf`: what happened later is not known here; null when the issuer was asked just now. */
export type Outcome = { kind: Subject['kind'] | null; day: string; findings: Finding[]; asOf: string | null; trusted: Trusted | null }
/** What everything was measured by: the issuer, and the SHA-256 of its documents. */
export type Trusted = { issuer: string; did: string; root: string }

/** Everything that can be checked of a file with what is at hand; each check is told, also those that nothing could be said of. */
export async function check(options: Options, now: Date): Promise<Outcome> {
  const { file, url, on } = options, day = on ?? japanDate(now)
  const subject = file === null ? null : await readSubject(file)
  if (subject && 'verdict' in subject) return { kind: null, day, findings: [subject], asOf: null, trusted: null }
  const online = url === null ? undefined : await replay(url)
  const evidence = await evidenceFor(subject, options, day, online)
  const when = { mirror: online?.mirror, day, at: on === null ? now : new Date(`${on}T12:00:00+09:00`), now }
  const { findings, held, proven } = await checkWhole(subject, evidence, when)
  const notes = [...held, ...await handedOver(options)]
  const present = {
    key: keyOf(proven, online) ?? keyFor(notes[0]?.note ?? '', evidence.did), former: formerLogKeysIn(evidence.did ?? ''),
    checkpoint: proven?.checkpoint, carried: proven?.proof.carried, mirror: online?.mirror,
  }
  const clock = url !== null && online?.mirror ? await checkClock(url, online.mirror, evidence.timeStampRoot) : []
  return {
    kind: subject?.kind ?? null, day, findings: [...findings, ...checkCheckpoints(notes, present), ...online?.findings ?? [], ...clock],
    asOf: url === null && proven ? proven.proof.askedAt : null, trusted: trustedIn(evidence, proven),
  }
}

const keyOf = (proven: Proven | undefined, online: Online | undefined) => proven?.key ?? online?.mirror?.key
const handedOver = async ({ checkpoint }: Options): Promise<Held[]> => (checkpoint === null ? [] : [{ path: checkpoint, note: await readText(checkpoint) ?? '' }])
const trustedIn = ({ did, root }: Evidence, proven: Proven | undefined): Trusted | null => (proven && did !== undefined && root
  ? { issuer: proven.proof.keys.did, did: sha256(did), root: sha256(root) } : null)
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

type Online = { findings: Finding[]; mirror: Mirror | undefined; compared: Compared | undefined }

async function replay(url: string): Promise<Online> {
  const did = await textAt(`${url}/.well-known/did.json`, mostText).catch(error => { if (error instanceof Unreachable) return undefined; throw error })
  const { finding, mirror } = await mirrorLog(url, did === undefined ? undefined : logKeyIn(did))
  const compared = mirror && await compareRegister(url, mirror)
  const told = mirror ? [await checkRemedies(url, mirror), ...await checkDossiers(url, mirror)] : []
  return { findings: [finding, ...compared ? [compared.finding, ...compared.differences] : [], ...told], mirror, compared }
}

async function evidenceFor(subject: Subject | null, { offline, url, root }: Options, day: string, online: Online | undefined): Promise<Evidence> {
  const question = { number: numberOf(subject, online), on: day, file: subject?.kind === 'pdf' ? subject.pdf.sha256 : null }, logKey = online?.mirror?.key
  const beside = offline !== null ? await evidenceIn(offline) : url !== null ? await ask(url, question) : nothing
  const sealKeys = sealKeysOf(online?.mirror?.entries ?? []), told = { ...online?.mirror ? { logKey } : {}, ...sealKeys.size > 0 ? { sealKeys } : {} }
  const evidence = { ...beside, ...told, ...await givenRoot(root) }
  if (subject?.kind === 'proof') return { ...evidence, proof: subject.text }
  return subject?.kind === 'credential' ? { ...evidence, credential: subject.text } : evidence
}

// A PDF is found by its hash, a credential by the page it speaks of, a proof by its number.
function numberOf(subject: Subject | null, online: Online | undefined): string | undefined {
  if (subject?.kind === 'pdf') return subject.pdf.sha256 ? online?.compared?.numberOf(subject.pdf.sha256) : undefined
  if (subject?.kind === 'proof') return readProof(subject.text)?.proof.number
  return subject?.kind === 'credential' ? /\/c\/(RE-JP-[\dA-Z-]{1,30})"/.exec(Buffer.from(subject.text.split('.')[1] ?? '', 'base64url').toString('utf8'))?.[1] : undefined
}

async function givenRoot(root: string | null): Promise<{ root?: Uint8Array }> {
  const read = root === null ? undefined : await readStart(root, mostText)
  return root === null ? {} : { root: read?.bytes ?? new Uint8Array() }
}

type When = { day: string; at: Date; now: Date; mirror: Mirror | undefined }

type Checked = { findings: Finding[]; held: Held[]; proven: Proven | undefined }

// A file of many receipts is checked receipt by receipt, an export entry by entry; everything else is one thing.
async function checkWhole(subject: Subject | null, evidence: Evidence, when: When): Promise<Checked> {
  if (subject?.kind === 'export') return { findings: await checkExport(subject.path, evidence, when.mirror), held: [], proven: undefined }
  if (subject?.kind !== 'receipts') return checkSubject(subject, evidence, when)
  return { ...checkReceipts(subject.text, proof => withLog(checkProof({ ...evidence, proof }), when.mirror)), held: [] }
}

async function checkSubject(subject: Exclude<Subject, { kind: 'export' }> | null, evidence: Evidence, when: When): Promise<Checked> {
  const held: Held[] = [...subject?.kind === 'checkpoint' ? [{ path: 'FILE', note: subject.text }] : [], ...evidence.checkpoint !== undefined ? [{ path: 'checkpoint.txt', note: evidence.checkpoint }] : []]
  if (!subject || (subject.kind === 'checkpoint' && evidence.proof === undefined)) return { findings: [], held, proven: undefined }
  const { findings, proven } = withLog(checkProof(evidence), when.mirror)
  if (subject.kind === 'proof' || subject.kind === 'checkpoint') return { findings, held, proven }
  const pdf = subject.kind === 'pdf' ? subject.pdf : undefined
  const seal = pdf ? await checkPdf(pdf, evidence, proven) : []
  const twin = evidence.credential === undefined ? undefined : checkTwin(evidence.credential, evidence, { pdf, proven, when })
  const carried = [{ path: 'certificate.pdf', note: pdf && carriedCheckpoint(pdf.bytes) }, { path: 'certificate.vc.jwt', note: twin?.says?.checkpoint ?? undefined }]
  return {
    findings: [...seal, ...twin?.findings ?? missingTwin(proven), ...findings, checkValid(proven?.history ?? null, when.day, knownUntil(proven, twin?.findings ?? [], when))],
    held: [...held, ...carried.filter((each): each is Held => each.note !== undefined)], proven,
  }
}

// What the log tells by now counts more than what it told when the proof was made.
function withLog({ findings, proven }: ReturnType<typeof checkProof>, mirror: Mirror | undefined): ReturnType<typeof checkProof> {
  if (!proven?.checkpoint || !proven.history || !mirror) return { findings, proven }
  const { finding, history } = checkWithLog(proven.proof, proven.checkpoint.size, mirror.entries)
  return { findings: [...findings, finding], proven: { ...proven, history } }
}

// An old proof alone would call a suspended certificate valid for ever. A list that is still good speaks for every day until the next one.
function knownUntil(proven: Proven | undefined, twin: Finding[], { mirror }: When): string | null {
  if (mirror || !proven || twin.some(({ check, verdict }) => check === 'status' && verdict === 'passed')) return null
  return japanDate(new Date(proven.proof.askedAt))
}

// The log tells that there is a credential: a directory without it is not the whole story, and says so.
const missingTwin = (proven: Proven | undefined): Finding[] => (proven?.proof.current.credentialSha256 ? [open('credential_known')] : [])
