import { createHash } from 'node:crypto'
import type { Company } from './company.ts'
import { person, type Person } from './person.ts'
import { expectSame, expectThat, type Tell } from './telling.ts'

type Public = { number: string; standing: string; holder: { nameJa: string; nameLatin: string; corporateNumber: string }; sites: { nameJa: string }[]; sha256: string }
export type Checked = { number: string; url: string; sha256: string; holder: string; standing: string; certificate: Uint8Array; root: Uint8Array }

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
  return { number, url: `${url}/c/${number}`, sha256, holder: page.holder.nameJa, standing: page.standing, certificate, root: await stranger.bytes('/keys/root.der') }
}

async function expectTypoToldApart(stranger: Person, number: string) {
  const last = number.at(-1) === '7' ? '8' : '7'
  expectSame('a mistyped number', await stranger.refused(`/c/${number.slice(0, -1)}${last}`), 'number_mistyped')
}
