import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { prolong } from '../../server/certificates/prolong.ts'
import { evidenceFor, withEvidence } from '../../server/certificates/signature/long-term.ts'
import { answerFor, type Register } from '../../web/verify/answer.ts'
import { describeJudged } from '../support/judges.ts'
import { keptFilesOn, verify } from '../support/kept-files.ts'
import { preflight } from '../support/preflight.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// What tools of others, our checker and the visitor's page say of a file whose proof was prolonged, and of one that somebody else appended to.
const theatre = await stage()
const { anybody, clock, runJobs, world } = theatre
const { issued } = sealedFilesOn(theatre)
const { bytesAt, directory, keep } = keptFilesOn(theatre)
const place = (name: string) => path.join(directory, name)
let kept = '', number = '', original: Buffer, longer: Buffer, forged: Buffer

beforeAll(async () => {
  world.sealProfile = 'B-LTA'
  clock.now = new Date(Date.now() - 600_000) // the checker has the real clock
  number = (await issued()).number
  original = await bytesAt(`/c/${number}/certificate.pdf`)
  clock.now = new Date()
  await prolong(world)
  await runJobs()
  kept = await keep(number)
  longer = readFileSync(path.join(kept, 'certificate.pdf'))
  forged = Buffer.concat([longer, Buffer.from('\n3 0 obj\n<< /Type /Page >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n')])
  writeFileSync(place('evidence.pdf'), withEvidence(original, evidenceFor(original, world)))
  for (const [name, bytes] of [['longer.pdf', longer], ['root.der', world.signer.root]] as const) writeFileSync(place(name), bytes)
})

describeJudged('a prolonged file, judged by qpdf and pdfsig', ['qpdf', 'pdfsig'], () => {
  it('has a clean structure, a seal that is still valid, and a second one over everything', () => {
    for (const name of ['evidence.pdf', 'longer.pdf']) expect(execFileSync('qpdf', ['--check', place(name)], { encoding: 'utf8' })).toContain('No syntax or stream encoding errors found')
    const [, seal = '', stamp = ''] = execFileSync('pdfsig', ['-nocert', place('longer.pdf')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(/Signature #/)
    expect([seal, stamp]).toEqual([expect.stringContaining('Signature is Valid'), expect.stringMatching(/AkashiTime1[\s\S]*- Total document signed/)])
  })
})

describeJudged('a prolonged file as an archive reads it, by PDFBox Preflight', ['preflight'], () => {
  it('is no less PDF/A than the file it prolongs: the judge knows part 1 only', () => expect(preflight(place('longer.pdf'))).toEqual(['7.11.2 : Error on MetaData, part must be 1']))
})

const dss = path.resolve('../shared/tools/pdf-judge/run')
describeJudged('a prolonged file, judged by EU DSS', ['java'], () => {
  it.skipIf(!existsSync(dss))(`is PAdES baseline LT, then LTA, and passes in full without a network${existsSync(dss) ? '' : ' (skipped: no pdf-judge)'}`, { timeout: 120_000 }, () => {
    const said = spawnSync(dss, [place('root.der'), place('evidence.pdf'), place('longer.pdf')], { encoding: 'utf8' }).stdout
    expect(said.match(/format=\S+ indication=\w+/g)).toEqual(['format=PAdES-BASELINE-LT indication=TOTAL_PASSED', 'format=PAdES-BASELINE-LTA indication=TOTAL_PASSED'])
    expect(said.match(/pdfModif=\w+ undefChanges=\d+ objMods=\w+ docMDP=\w+/g)).toEqual(Array(2).fill('pdfModif=false undefChanges=0 objMods=true docMDP=MINIMAL_CHANGES_PERMITTED'))
    expect(said).toMatch(/TS DOCUMENT_TIMESTAMP .* intact=true .* ind=PASSED/)
  })
})

describe('the checker', () => {
  const offline = async (bytes: Buffer) => {
    const into = await keep(number, { 'certificate.pdf': bytes })
    return verify([path.join(into, 'certificate.pdf'), '--offline', into, '--json'])
  }

  it('calls the prolonged file authentic, and says whose the bytes behind the seal are', async () => {
    const { code, says, out } = await offline(longer)
    expect([code, says('seal_digest'), says('seal_covers'), says('file_known'), says('twin')]).toEqual([0, ['passed'], ['passed:prolonged'], ['passed'], ['passed']])
    expect(out).toContain('appended to keep the proof alive')
  })

  it('still calls the file as it was sealed authentic', async () => {
    const { code, says } = await offline(original)
    expect([code, says('seal_covers'), says('file_known')]).toEqual([0, ['passed'], ['passed']])
  })

  it('tells a foreign increment, one flipped byte of ours, and half of ours as bytes added', async () => {
    const flipped = Buffer.from(longer).fill((longer.at(-3000) ?? 0) ^ 1, longer.length - 3000, longer.length - 2999)
    for (const bytes of [forged, flipped, readFileSync(place('evidence.pdf'))]) {
      const { code, says } = await offline(bytes)
      expect([code, says('seal_digest'), says('seal_covers'), says('file_known')]).toEqual([1, ['passed'], ['failed'], ['failed:unknown']])
    }
  })

  it('does not believe appended bytes while nothing tells of the file', async () => {
    const { says } = await verify([place('longer.pdf'), '--root', place('root.der'), '--json'])
    expect([says('seal_covers'), says('file_known')]).toEqual([['failed'], ['could_not_be_checked']])
  })
})

describe('the page on which a file is dropped', () => {
  const register: Register = {
    live: true, number: async () => 'unknown', root: async () => world.signer.root,
    file: async sha256 => { const { status, body } = await anybody.get(`/c/files/${sha256}`); return status === 200 ? body : 'unknown' },
  }
  const dropped = async (bytes: Buffer) => {
    const { answer, file, checks } = await answerFor(new Blob([Uint8Array.from(bytes)]), register)
    return [answer, file?.sha256, checks.filter(([, said]) => said === 'failed').map(([name]) => name)]
  }
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

  it('answers that both are ours and valid, and that a foreign increment was added', async () => {
    expect([await dropped(original), await dropped(longer)]).toEqual([original, longer].map(bytes => ['valid', sha256(bytes), []]))
    expect(await dropped(forged)).toEqual(['added', sha256(original), ['file', 'covers']])
  })
})
