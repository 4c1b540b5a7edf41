import { textOf } from './byte-range.ts'
import { hex } from './der.ts'
import { sha256 } from './key.ts'
import { checkSeal, type Check, type SealCheck } from './seal.ts'

/** What GET /c/files/:sha256 says (schema/certificate-file-shapes.ts). */
export type Registered = {
  number: string; edition: number; currentEdition: number; replacedOn: string | null; standing: string; since: string; reasonClass: string | null; expiresOn: string; asOf: string
  holder: { nameJa: string; nameLatin: string }; sha256: string; size: number; url: string
}
export type Named = Pick<Registered, 'number' | 'holder' | 'url' | 'asOf'>
export type Asked<Answer> = Answer | 'unknown' | 'unreachable'

/** Where to ask: the register itself (`live`), or what a saved page knows of one certificate. Never throws. */
export type Register = { live: boolean; file(sha256: string): Promise<Asked<Registered>>; number(number: string): Promise<Asked<Named>>; root(): Promise<Uint8Array | null> }

export type Answer = 'valid' | 'remark' | 'ended' | 'superseded' | 'added' | 'altered' | 'foreign' | 'too_large' | 'unclear' | 'unreadable' | 'no_crypto'
export type Verdict = {
  answer: Answer; file: Registered | null; named: Named | null; sha256: string; signed: number; size: number
  checks: [name: keyof SealCheck | 'file' | 'standing' | 'authority', said: Check][]
}

const limit_bytes = 20 * 1024 * 1024 // ours have less than 1 MB; Web Crypto hashes only what lies in memory whole
const valid = ['certified', 'certified_with_condition', 'scope_reduced']

/** What a file is worth, in one word and check by check. The file stays where it is. Never throws; reads nothing that is too large to be ours. */
export async function answerFor(file: Blob, register: Register): Promise<Verdict> {
  const { size } = file
  const nothing = { file: null, named: null, sha256: '', signed: 0, size, checks: [] }
  if (size > limit_bytes) return { ...nothing, answer: 'too_large' }
  if (!globalThis.crypto?.subtle) return { ...nothing, answer: 'no_crypto' } // only where the page came safely
  const bytes = await file.arrayBuffer().then(buffer => new Uint8Array(buffer), () => null)
  return bytes ? judged(bytes, register) : { ...nothing, answer: 'unreadable' }
}

async function judged(bytes: Uint8Array, register: Register): Promise<Verdict> {
  const hash = hex(await sha256(bytes))
  const [asked, root] = await Promise.all([register.file(hash), register.root()])
  const { checks, signedEnd } = await checkSeal(bytes, root)
  const signed = signedEnd ?? 0
  const known = typeof asked === 'object' ? asked : null
  const found = known ? { answer: worth(known), file: known, named: known } : await nearMiss(asked, { bytes, checks, signed, root, register })
  return { ...found, sha256: hash, signed, size: bytes.length, checks: listed(asked, found.answer, checks, register.live) }
}

/** A file that was ours the moment its hash was found: is it still worth something? */
function worth({ standing, edition, currentEdition }: Registered): Answer {
  if (!valid.includes(standing)) return 'ended'
  if (edition < currentEdition) return 'superseded'
  return standing === 'certified' ? 'valid' : 'remark'
}

type Seen = { bytes: Uint8Array; checks: SealCheck; signed: number; root: Uint8Array | null; register: Register }
type Found = Pick<Verdict, 'answer' | 'file' | 'named'>

// signing.md 5: the hash was no hit. The seal and the number inside only tell which kind of a near miss it is; nothing here turns green.
async function nearMiss(asked: Asked<Registered>, { bytes, checks, signed, root, register }: Seen): Promise<Found> {
  const ours = checks.signature === 'passed' && checks.chain === 'passed'
  const intact = ours && checks.digest === 'passed'
  const named = await register.number(numberIn(bytes))
  const perhaps = asked === 'unreachable' || (!register.live && typeof named !== 'object') // it may be a file that we are not told of
  if (perhaps && (!root || (intact && checks.covers === 'passed'))) return nothingKnown('unclear')
  if (intact && signed < bytes.length) return withAddition(await register.file(hex(await sha256(bytes.subarray(0, signed)))), perhaps)
  if (typeof named === 'object') return { answer: 'altered', file: null, named }
  return nothingKnown(ours ? 'altered' : named === 'unreachable' ? 'unclear' : 'foreign')
}

const withAddition = (original: Asked<Registered>, perhaps: boolean): Found =>
  (typeof original === 'object' ? { answer: 'added', file: original, named: original } : nothingKnown(perhaps ? 'added' : 'altered'))
const nothingKnown = (answer: Answer): Found => ({ answer, file: null, named: null })

// XMP travels uncompressed, so that the number can be read without parsing the PDF.
const numberIn = (bytes: Uint8Array): string => /RE-JP-\d{4}-\d{6}-\d{1,2}-[0-9A-Z]/.exec(textOf(bytes))?.[0] ?? ''

function listed(asked: Asked<Registered>, answer: Answer, { digest, covers, signature, chain, stamp }: SealCheck, live: boolean): Verdict['checks'] {
  const known = typeof asked === 'object'
  const standing = !known ? 'could_not_be_checked' : answer === 'ended' || answer === 'superseded' ? 'failed' : live ? 'passed' : 'could_not_be_checked'
  const file = known ? 'passed' : asked === 'unreachable' || answer === 'unclear' ? 'could_not_be_checked' : 'failed'
  const checks: Verdict['checks'] = [['file', file], ['standing', standing], ['digest', digest], ['covers', covers], ['signature', signature], ['chain', chain], ['stamp', stamp], ['authority', 'could_not_be_checked']]
  return checks.filter(([name]) => name !== 'covers' || !known || covers === 'passed') // known byte for byte: what stands behind the seal is our own (B-LTA)
}
