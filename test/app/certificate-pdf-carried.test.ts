import { describe, expect, it } from 'vitest'
import { prepareCertificate } from '../../server/certificates/pdf/prepare.ts'
import { carriedCheckpoint, carriedNumber } from '../../server/proof/carried.ts'
import { certificateSample, checkpoint, pageOptions } from '../support/certificate-sample.ts'

const number = 'RE-JP-2027-004821-3-2'
const page = async (note: string | null = checkpoint) => (await prepareCertificate(certificateSample(), { ...pageOptions, checkpoint: note })).pdf
const changed = async (from: string, to: string) => Buffer.from((await page()).toString('latin1').replace(from, to), 'latin1')
const read = (pdf: Uint8Array) => ({ number: carriedNumber(pdf), checkpoint: carriedCheckpoint(pdf) })
const packet = (inside: string) => `<?xpacket begin="" id="x"?> xmlns:akashi="urn:akashi:certificate:1#" ${inside} <?xpacket end="r"?>`

describe('what a certificate carries', () => {
  it('is its number and the latest checkpoint, letter for letter', async () => {
    expect(read(await page())).toEqual({ number, checkpoint })
    const strange = 'a.example/log\n1\nA&B<C>"D"=\n\n— a.example/log &#38;+é\n'
    expect(read(await page(strange))).toEqual({ number, checkpoint: strange })
    expect(read(await page(null))).toEqual({ number, checkpoint: undefined })
  })

  it('is still read when the page was altered, or bytes were added that say something else', async () => {
    const added = Buffer.from(packet('<akashi:number>RE-JP-2027-000001-1-X</akashi:number><akashi:checkpoint>forged</akashi:checkpoint>'))
    expect(read(Buffer.concat([await page(), added]))).toEqual({ number, checkpoint })
    expect(read(await changed('/MediaBox', '/MediaBax'))).toEqual({ number, checkpoint })
  })

  it('is nothing where it is said twice, in another namespace, in markup, or not as our writer spells it', async () => {
    const twice = `<akashi:number>${number}</akashi:number>`
    expect(carriedNumber(await changed(twice, twice + twice))).toBeUndefined()
    expect(read(await changed('urn:akashi:certificate:1#"><akashi', 'urn:akashi:certificate:9#"><akashi'))).toEqual({ number: undefined, checkpoint: undefined })
    expect(carriedCheckpoint(await changed('<akashi:checkpoint>akashi', '<akashi:checkpoint><b/>hi'))).toBeUndefined()
    expect(carriedCheckpoint(await changed('<akashi:checkpoint>akashi', '<akashi:checkpoint>&lt;&hi'))).toBeUndefined()
    expect(carriedCheckpoint(await changed('<akashi:checkpoint>akashi', '<akashi:checkpoint>\xFF\xFEashi'))).toBeUndefined()
  })

  it.each(['RE-JP-2027-004821-3-3', 're-jp-2027-004821-3-2', 'REJP20270048213 2', '', '../../etc/passwd'])('is no number when it reads %j', async claimed => {
    expect(carriedNumber(await changed(`<akashi:number>${number}`, `<akashi:number>${claimed}`))).toBeUndefined()
  })

  it('is nothing in files that are hostile or not ours, and reading them takes no time', () => {
    const much = Buffer.alloc(50_000_000, '<?xpacket begin=<akashi:number>')
    const late = Buffer.concat([Buffer.alloc(2_000_000), Buffer.from(packet(`<akashi:number>${number}</akashi:number>`))])
    const long = Buffer.from(packet(`<akashi:checkpoint>${'x'.repeat(5000)}</akashi:checkpoint>`))
    const open = Buffer.from(`<?xpacket begin="" <akashi:number>${number}</akashi:number>`)
    const start = performance.now()
    for (const pdf of [Buffer.alloc(0), Buffer.from('%PDF-1.7'), much, late, long, open, new Uint8Array(100_000_000)]) {
      expect(read(pdf)).toEqual({ number: undefined, checkpoint: undefined })
    }
    expect(performance.now() - start).toBeLessThan(2000)
    expect(carriedNumber(Buffer.from(packet(`<akashi:number>${number}</akashi:number>`)))).toBe(number) // the same, as it should be
  })
})
