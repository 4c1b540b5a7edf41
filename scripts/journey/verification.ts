import { createHash } from 'node:crypto'
import { checkCredential } from '../../server/proof/credential.ts'
import type { Company } from './company.ts'
import { person, type Person } from './person.ts'
import { expectSame, expectThat, type Tell } from './telling.ts'

type Public = { number: string; standing: string; holder: { nameJa: string; nameLatin: string; corporateNumber: string }; sites: { nameJa: string }[]; sha256: string }
export type Checked = { number: string; url: string; sha256: string; holder: string; standing: string; certificate: Uint8Array; kept: Record<string, Uint8Array> }

/** A stranger opens the page of the number, loads the PDF and compares. */
export async function checkAsAnybody(url: string, { number, company }: { number: string; company: Company }, tell: Tell): Promise<Checked> {
  const stranger = person(url, 'anybody')
  const page = await stranger.get<Public>(`/c/${number}`)
  expectSame('number, standing and holder', [page.number, page.standing, page.holder.nameJa, page.holder.nameLatin, page.holder.corporateNumber],
    [number, 'certified', company.nameJa, company.nameLatin, company.corporateNumber])
  expectThat('the housing is named with its Vietnamese name', page.sites.some(({ nameJa }) => nameJa === company.housing))
  tell(`anybody opens ${url}/c/${number}: ${page.standing}, ${page.holder.nameJa}`)

  const certificate = await stranger.bytes(`/c/${number}/certificate.pdf`)
  const sha256 = createHash('sha256').update(certificate).digest('hex')
  expectSame('the SHA-256 of the PDF against the page', sha256, page.sha256)
  tell(`the PDF has the SHA-256 that the page gives: ${sha256}`)
  await expectTypoToldApart(stranger, number)
  tell('a mistyped number is told apart from an unknown one')
  const kept = await keepForLater(stranger, number)
  expectTwins(kept, sha256)
  tell('the credential is signed by the issuer and names the same PDF; whoever keeps these files can check without us')
  return { number, url: `${url}/c/${number}`, sha256, holder: page.holder.nameJa, standing: page.standing, certificate, kept }
}

// The proof first: it waits until the log has published its line, and the checkpoint after it is no older.
const places: [file: string, path: (number: string) => string][] = [
  ['proof.json', number => `/c/${number}/proof.json`], ['checkpoint.txt', () => '/log/checkpoint'], ['certificate.vc.jwt', number => `/c/${number}/certificate.vc.jwt`],
  ['did.json', () => '/.well-known/did.json'], ['status.vc.jwt', () => '/credentials/status'], ['root.der', () => '/keys/root.der'], ['time-stamp-root.der', () => '/keys/time-stamp-root.der'],
  ['keys.json', () => '/keys.json'],
]

async function keepForLater(stranger: Person, number: string): Promise<Record<string, Uint8Array>> {
  const kept: Record<string, Uint8Array> = {}
  for (const [file, path] of places) kept[file] = await stranger.bytes(path(number))
  return kept
}

function expectTwins(kept: Record<string, Uint8Array>, sha256: string) {
  const [jwt = '', did = ''] = ['certificate.vc.jwt', 'did.json'].map(file => Buffer.from(kept[file] ?? []).toString('utf8'))
  const { checks, says } = checkCredential(jwt, JSON.parse(did))
  expectSame('what can be said of the credential', [Object.values(checks).every(check => check === 'passed'), says?.pdfSha256], [true, sha256])
}

async function expectTypoToldApart(stranger: Person, number: string) {
  const last = number.at(-1) === '7' ? '8' : '7'
  expectSame('a mistyped number', await stranger.refused(`/c/${number.slice(0, -1)}${last}`), 'number_mistyped')
}
