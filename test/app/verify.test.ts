import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { check } from '../../scripts/verify/check.ts'
import { checkProof } from '../../scripts/verify/check-proof.ts'
import { nothing } from '../../scripts/verify/evidence.ts'
import { readOptions } from '../../scripts/verify/options.ts'
import { resultOf } from '../../scripts/verify/report.ts'
import { addDays, japanDate } from '../../server/domain/calendar.ts'
import { publishLog } from '../../server/log/publish.ts'
import { keptFilesOn, verify } from '../support/kept-files.ts'
import { logLinesOn } from '../support/log-lines.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// A buyer has kept the files of a certificate, and asks a program that never saw our database.
const theatre = await stage()
const { clock, world } = theatre
clock.now = new Date() // the checker has the real clock
const { issued } = sealedFilesOn(theatre)
const { keep, bytesAt, names } = keptFilesOn(theatre)
const { happens, behindTheBack, manyLines } = logLinesOn(theatre)
const today = japanDate(clock.now)
const { number } = await issued()
let kept = ''
beforeAll(async () => { kept = await keep(number) })

const offline = (file: string, directory: string, ...more: string[]) => verify([path.join(directory, file), '--offline', directory, ...more, '--json'])
const inProcess = async (file: string, directory: string) => {
  const options = readOptions([path.join(directory, file), '--offline', directory], {})
  if (options === 'usage') throw new Error('usage')
  const outcome = await check(options, new Date())
  return { result: resultOf(outcome, false), failed: outcome.findings.filter(({ verdict }) => verdict === 'failed').map(each => each.check) }
}

describe('what was issued', () => {
  it.each(['certificate.pdf', 'certificate.vc.jwt'])('%s is authentic and valid: exit 0, every check passed', async file => {
    const { code, out } = await offline(file, kept)
    const { result, checks } = JSON.parse(out) as { result: string; checks: { check: string; verdict: string }[] }
    expect([code, result, checks.filter(({ verdict }) => verdict !== 'passed')]).toEqual([0, 'authentic', []])
    expect(checks.length).toBeGreaterThan(file.endsWith('pdf') ? 22 : 15)
  })

  it.each(['proof.json', 'checkpoint.txt'])('%s is authentic by itself: exit 0', async file => expect((await offline(file, kept)).code).toBe(0))

  it('is told in words, in the language of the reader, with the time up to which anything is known', async () => {
    const english = await verify([`${kept}/certificate.pdf`, '--offline', kept]), japanese = await verify([`${kept}/certificate.pdf`, '--offline', kept], { lang: 'ja' })
    expect([english.code, english.out]).toEqual([0, expect.stringMatching(/\[passed\] Every byte of the file is under the one seal\..*\nAuthentic and valid\.\nWhat happened after \d{4}-\S*Z is not known here\.\nMeasured by the keys of did:web:akashi\.test \(did\.json [0-9a-f]{16}…, root certificate [0-9a-f]{16}…\)\..*\n$/s)])
    expect([japanese.code, japanese.out]).toEqual([0, expect.stringContaining('本物であり、有効です。')])
  })

  it('stays open, and exits 1, when what shows it is not there', async () => {
    const alone = await verify([`${kept}/certificate.pdf`, '--json'])
    expect([alone.code, JSON.parse(alone.out).result, alone.says('seal_digest'), alone.says('seal_chain'), alone.says('file_known'), alone.says('valid')]).toEqual([1, 'open', ['passed'], ['could_not_be_checked'], ['could_not_be_checked'], ['could_not_be_checked']])
    const receipt = await verify([`${kept}/proof.json`, '--json'])
    expect([receipt.code, receipt.says('proof_signature')]).toEqual([1, ['could_not_be_checked']])
  })

  it('is worth on a day what it was worth on that day', async () => {
    const [before, past, last] = await Promise.all([addDays(today, -1), addDays(today, 3 * 366), addDays(today, 30)].map(on => offline('certificate.pdf', kept, '--on', on)))
    expect([before?.code, before?.says('valid'), past?.code, past?.says('valid'), past?.says('credential_dates'), last?.code]).toEqual([1, ['failed'], 1, ['failed'], ['failed'], 0])
  })

  it('is not called valid by an old proof, when no list that is still good says so: open, but authentic for the day of the proof', async () => {
    const tenDaysOn = async (...more: string[]) => {
      const options = readOptions([path.join(kept, 'certificate.pdf'), '--offline', kept, ...more], {})
      if (options === 'usage') throw new Error('usage')
      const outcome = await check(options, new Date(Date.now() + 10 * 86_400_000))
      return [resultOf(outcome, false), outcome.findings.filter(({ check: name }) => name === 'valid' || name === 'status').map(({ verdict, variant }) => variant ?? verdict)]
    }
    expect([await tenDaysOn(), await tenDaysOn('--on', today)]).toEqual([['open', ['old', 'later']], ['authentic', ['old', 'passed']]])
  })

  it('says so of a list of keys that it cannot read', async () => {
    const into = await keep(number)
    writeFileSync(path.join(into, 'keys.json'), '{"keys": [')
    expect((await offline('certificate.pdf', into)).says('seal_key')).toEqual(['could_not_be_checked'])
  })

  it.each([[[]], [['a', 'b']], [['x.pdf', '--on', 'soon']], [['x.pdf', '--url', 'ftp://x']], [['x.pdf', '--lang', 'fr']], [['--nonsense']], [['--help']]])('exits 2 and explains itself when it is called as %j', async args => {
    const { code, out, err } = await verify(args)
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('akashi-verify FILE')])
  })
})

describe('the command', () => {
  it('is a program of its own: package.json names it, and it runs where nothing of ours is', async () => {
    const root = new URL('../../', import.meta.url).pathname, { bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> }
    const program = path.join(root, bin['akashi-verify'] ?? '')
    const ran = spawnSync(program, [path.join(kept, 'certificate.pdf'), '--offline', kept], { cwd: '/', env: { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` }, encoding: 'utf8' })
    expect([ran.status, ran.stderr, ran.stdout]).toEqual([0, '', expect.stringContaining('Authentic and valid.')])
  })
})

describe('after one flipped byte anywhere', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000))
  let state = seed
  const random = (below: number) => { state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32; return Math.floor((state / 2 ** 32) * below) }

  it.each(names)(`in %s it says so (SEED=${seed})`, async name => {
    const whole = readFileSync(path.join(kept, name)), directory = await keep(number)
    const untold: string[] = []
    for (let nth = 0; nth < 60; nth += 1) {
      const at = nth === 0 ? 0 : nth === 1 ? whole.length - 1 : random(whole.length), mask = 1 << random(8)
      writeFileSync(path.join(directory, name), Buffer.from(whole).fill((whole[at] ?? 0) ^ mask, at, at + 1))
      const { result, failed } = await inProcess('certificate.pdf', directory)
      if (result !== 'no' || failed.length === 0) untold.push(`byte ${at} ^ ${mask}: ${result}`)
    }
    writeFileSync(path.join(directory, name), whole)
    expect(untold).toEqual([])
    expect((await inProcess('certificate.pdf', directory)).result).toBe('authentic')
  }, 120_000)
})

describe('a proof from before the log had another key', () => {
  const told = (change: (methods: { id: string; revoked?: string }[]) => object[]) => {
    const did = JSON.parse(readFileSync(path.join(kept, 'did.json'), 'utf8'))
    const evidence = { ...nothing, kept: false, did: JSON.stringify({ ...did, verificationMethod: change(did.verificationMethod) }), proof: readFileSync(path.join(kept, 'proof.json'), 'utf8') }
    return checkProof(evidence).findings.filter(({ check }) => check === 'note').map(({ verdict }) => verdict)
  }
  const other = { id: 'did:web:akashi.test#log', type: 'JsonWebKey', controller: 'did:web:akashi.test', publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32, 9).toString('base64url') } }
  const renamed = (methods: { id: string }[], more: object = {}) => methods.map(method => (method.id.endsWith('#log') ? { ...method, ...more, id: `${method.id}-old` } : method))

  it('holds while that key is named as a former one, and not when it was stolen or is none of the issuer’s', () => expect([
    told(methods => methods), told(methods => [...renamed(methods), other]), told(methods => [...renamed(methods, { revoked: '2026-01-01T00:00:00Z' }), other]), told(methods => [...methods.filter(({ id }) => !id.endsWith('#log')), other]),
  ]).toEqual([['passed'], ['passed'], ['failed'], ['failed']]))
})

describe('a file that was changed', () => {
  it('with an increment appended is told as "bytes were added after signing"', async () => {
    const appended = await keep(number, { 'certificate.pdf': Buffer.concat([readFileSync(path.join(kept, 'certificate.pdf')), Buffer.from('\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n')]) })
    const { code, says, out } = await offline('certificate.pdf', appended)
    expect([code, says('seal_digest'), says('seal_covers'), says('file_known')]).toEqual([1, ['passed'], ['failed'], ['failed:unknown']])
    expect(out).toContain('Bytes were added after signing')
  })

  it('is not rescued by a credential, list, DID document or root of somebody else’s', async () => {
    const other = await stage()
    other.clock.now = new Date()
    const theirs = keptFilesOn(other), { number: foreign } = await sealedFilesOn(other).issued({ nameJa: '別の会社' })
    const directory = await theirs.keep(foreign)
    for (const [name, wanted] of [['certificate.vc.jwt', 'credential_known'], ['proof.json', 'file_known'], ['certificate.pdf', 'file_known']] as const) {
      const mixed = await keep(number, { [name]: readFileSync(path.join(directory, name)) })
      const { failed, result } = await inProcess('certificate.pdf', mixed)
      expect([name, result, failed.includes(wanted)]).toEqual([name, 'no', true])
    }
  })
})

describe('after it was suspended', () => {
  beforeAll(async () => { await happens(number, 'suspended', today, 'overdue', 'clock'); await theatre.runJobs() })

  it('an old proof with a new status list says suspended: exit 1', async () => {
    const { code, says, out } = await offline('certificate.pdf', await keep(number, { 'proof.json': readFileSync(path.join(kept, 'proof.json')), 'checkpoint.txt': readFileSync(path.join(kept, 'checkpoint.txt')) }))
    expect([code, says('status'), says('standing')]).toEqual([1, ['failed:suspended'], ['passed']])
    expect(out).toContain('Suspended or without effect, by the signed list of')
  })

  it('a new proof says since when and is itself authentic', async () => {
    const now = await keep(number), [pdf, receipt] = [await offline('certificate.pdf', now), await verify([`${now}/proof.json`, '--offline', now])]
    expect([pdf.code, pdf.says('valid'), pdf.says('standing'), receipt.code]).toEqual([1, ['failed'], ['passed'], 0])
    expect(receipt.out).toContain(`the certificate was suspended on ${today} (since ${today})`)
  })

  it('the checkpoint that a younger certificate carries is shown, offline, to be the beginning of the present log', async () => {
    const younger = await issued({ nameJa: '二番目の会社' })
    await manyLines(3)
    await publishLog(world)
    const { code, says, out } = await offline('certificate.pdf', await keep(younger.number))
    expect([code, says('checkpoint'), says('consistency')]).toEqual([0, ['passed', 'passed', 'passed'], ['passed', 'passed', 'passed']])
    expect(out).toContain('"The log has only grown since the checkpoint of certificate.pdf (4 of 8 lines)."')
  })

  it('two checkpoints of different sizes are left open offline, not guessed at', async () => {
    const { code, says } = await offline('proof.json', await keep(number, { 'checkpoint.txt': readFileSync(path.join(kept, 'checkpoint.txt')) }))
    expect([code, says('checkpoint'), says('consistency')]).toEqual([0, ['passed'], ['could_not_be_checked']])
  })

  it('a line edited in the log’s table is named by the next proof', async () => {
    await manyLines(5)
    await publishLog(world)
    await behindTheBack('log_entries', "update log_entries set body = replace(body, 'overdue', 'own_request') where body like '%suspended%' and seq < 3")
    const edited = await offline('certificate.pdf', await keep(number))
    expect([edited.code, edited.says('inclusion'), edited.out.includes(`Line 2 (suspended, ${today}) is not in the log as it stands here: it was edited.`)]).toEqual([1, ['failed'], true])
    await behindTheBack('log_entries', "update log_entries set body = replace(body, 'own_request', 'overdue') where body like '%suspended%' and seq < 3")
  })

  it('an event edited in the register contradicts the lines of the proof', async () => {
    await behindTheBack('certificate_events', "update certificate_events set reason_class = 'own_request' where event = 'suspended'")
    const { code, says, out } = await offline('proof.json', await keep(number))
    expect([code, says('standing'), out.includes('The proof claims')]).toEqual([1, ['failed'], true])
    await behindTheBack('certificate_events', "update certificate_events set reason_class = 'overdue' where event = 'suspended'")
    expect((await bytesAt(`/c/${number}/proof.json`)).toString()).toContain('"is": "suspended"')
  })
})
