import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { japanDate } from '../../server/domain/calendar.ts'
import { publishLog } from '../../server/log/publish.ts'
import { signJson } from '../../server/proof/signed-json.ts'
import { keptFilesOn, verify } from '../support/kept-files.ts'
import { logLinesOn } from '../support/log-lines.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Anybody may replay the whole log against the register over the network: whoever edits one of them, by whatever means, is named.
const theatre = await stage()
theatre.clock.now = new Date()
const { app, world, runJobs } = theatre
const { sql } = world.database
const { issued } = sealedFilesOn(theatre)
const { keep, directory } = keptFilesOn(theatre)
const { happens, behindTheBack, sizeNow } = logLinesOn(theatre)
const today = japanDate(theatre.clock.now)
const [one, other] = [await issued(), await issued({ nameJa: '別の会社' })]
let url = '', kept = '', old = ''

beforeAll(async () => {
  url = await app.listen({ port: 0, host: '127.0.0.1' })
  kept = await keep(one.number)
  old = path.join(directory, 'old.txt')
  writeFileSync(old, readFileSync(path.join(kept, 'checkpoint.txt')))
  await happens(one.number, 'suspended', today, 'overdue', 'clock')
  await happens(one.number, 'reinstated', today)
  await runJobs()
})

const replay = (...more: string[]) => verify(['--url', url, '--json', ...more])
const differences = async (...more: string[]) => {
  const { code, out } = await replay(...more)
  const { checks } = JSON.parse(out) as { checks: { check: string; verdict: string; says: string; number?: string; event?: string; on?: string; seq?: number; because?: string; field?: string; register?: string; log?: string }[] }
  return { code, named: checks.filter(({ check }) => check === 'difference').map(({ number, event, on, seq, because, field, register, log }) => [number, event, on, seq, [because, field, register, log].filter(Boolean).join(' ')]), failed: checks.filter(({ verdict }) => verdict === 'failed').map(({ check }) => check) }
}

describe('over the network', () => {
  it('the whole log is fetched, its root made again, and the register agrees: exit 0', async () => {
    const { code, says } = await replay('--checkpoint', old)
    expect([code, says('log'), says('register'), says('checkpoint'), says('consistency')]).toEqual([0, ['passed'], ['passed'], ['passed'], ['passed']])
  })

  it.each(['certificate.pdf', 'certificate.vc.jwt', 'proof.json', 'checkpoint.txt'])('%s is checked with what the issuer gives to everybody', async file => {
    const { code, out } = await replay(path.join(kept, file))
    const { checks } = JSON.parse(out) as { checks: { check: string; verdict: string }[] }
    expect([code, checks.filter(({ verdict }) => verdict !== 'passed')]).toEqual([0, []])
  })

  it('the checkpoint that the second certificate carries is held against the present log', async () => {
    const { code, out } = await replay(path.join(await keep(other.number), 'certificate.vc.jwt'))
    expect([code, out.includes('The log has only grown since the checkpoint of certificate.vc.jwt')]).toEqual([0, true])
  })

  it('a kept proof is held against what became of the certificate since, and against what it left out', async () => {
    const { code, says } = await verify([path.join(kept, 'certificate.pdf'), '--offline', kept, '--url', url, '--json'])
    expect([code, says('complete'), says('valid')]).toEqual([0, ['passed'], ['passed']])
    const { signature: _, ...fields } = JSON.parse((await theatre.anybody.get(`/c/${one.number}/proof.json`)).text)
    const shortened = { ...fields, lines: fields.lines.filter(({ line }: { line: string }) => !/suspended|reinstated/.test(line)) }
    const lying = await keep(one.number, { 'proof.json': await signJson(shortened, { kid: `did:web:akashi.test#${world.credentialKey.kid}`, sign: input => world.credentialKey.sign(input) }) })
    const alone = await verify([path.join(lying, 'proof.json'), '--offline', lying, '--json']), replayed = await verify([path.join(lying, 'proof.json'), '--offline', lying, '--url', url, '--json'])
    expect([alone.code, replayed.code, replayed.says('complete')]).toEqual([0, 1, ['failed']]) // an honest limit: offline nobody sees what a proof leaves out
  })

  it('a file that was appended to is found out, and one that is not on the register stays unknown', async () => {
    const appended = path.join(directory, 'appended.pdf')
    writeFileSync(appended, Buffer.concat([readFileSync(path.join(kept, 'certificate.pdf')), Buffer.from('\n%%EOF\n')]))
    const { code, says } = await replay(appended)
    expect([code, says('seal_covers'), says('seal_digest')]).toEqual([1, ['failed'], ['passed']])
  })

  it('says what could not be reached, in a sentence, and exits 1', async () => {
    const { code, out, err } = await verify(['--url', 'http://127.0.0.1:9', '--lang', 'en'])
    expect([code, err, out]).toEqual([1, '', expect.stringContaining('[could not be checked] The log could not be fetched')])
  })
})

describe('an UPDATE by SQL', () => {
  const suspended = async () => (await sql`select log_seq::int as seq from certificate_events where event = 'suspended'`)[0]?.seq as number
  const edits: [what: string, table: string, edit: string, undo: string, says: RegExp][] = [
    ['the date of an event', 'certificate_events', "update certificate_events set happened_on = '2020-01-01' where event = 'suspended'", `update certificate_events set happened_on = '${today}' where event = 'suspended'`, /^field date 2020-01-01 \d{4}-\d\d-\d\d$/],
    ['the reason of an event', 'certificate_events', "update certificate_events set reason_class = 'own_request' where event = 'suspended'", "update certificate_events set reason_class = 'overdue' where event = 'suspended'", /^field reason own_request overdue$/],
    ['the kind of an event', 'certificate_events', "update certificate_events set event = 'condition_set' where event = 'suspended'", "update certificate_events set event = 'suspended' where event = 'condition_set'", /^field event condition_set suspended$/],
    ['a line of the log', 'log_entries', "update log_entries set body = replace(body, 'overdue', 'own_request') where body like '%suspended%'", "update log_entries set body = replace(body, 'own_request', 'overdue') where body like '%suspended%'", /^line$/],
  ]
  it.each(edits)('of %s is found and named: number, event, date and line', async (_, table, edit, undo, says) => {
    const seq = await suspended()
    await behindTheBack(table, edit)
    const { code, named } = await differences()
    await behindTheBack(table, undo)
    expect([code, named]).toEqual([1, [[one.number, 'suspended', today, seq, expect.stringMatching(says)]]])
    expect((await differences()).code).toBe(0)
  })

  it('is told in a sentence, in the reader’s language', async () => {
    const seq = await suspended()
    await behindTheBack('certificate_events', "update certificate_events set reason_class = 'own_request' where event = 'suspended'")
    const [english, japanese] = [await verify(['--url', url]), await verify(['--url', url], { lang: 'ja' })]
    await behindTheBack('certificate_events', "update certificate_events set reason_class = 'overdue' where event = 'suspended'")
    expect(english.out).toContain(`[FAILED] ${one.number}: suspended of ${today} (line ${seq}): the reason is own_request in the register and overdue in the log.`)
    expect(japanese.out).toContain(`[不合格] ${one.number}：${today} の suspended（${seq} 行目）：理由が登録簿では own_request、公開記録では overdue です。`)
  })

  it('of event and line together is found too', async () => {
    const seq = await suspended()
    await behindTheBack('certificate_events', "update certificate_events set reason_class = 'own_request' where event = 'suspended'")
    await behindTheBack('log_entries', "update log_entries set body = replace(body, 'overdue', 'own_request') where body like '%suspended%'")
    const { code, named } = await differences()
    await behindTheBack('certificate_events', "update certificate_events set reason_class = 'overdue' where event = 'suspended'")
    await behindTheBack('log_entries', "update log_entries set body = replace(body, 'own_request', 'overdue') where body like '%suspended%'")
    expect([code, named.map(([number, event, on, line]) => [number, event, on, line])]).toEqual([1, [[one.number, 'suspended', today, seq], [one.number, 'suspended', today, seq]]])
  })

  it('that removes an event, or a whole certificate, leaves lines that nobody owns', async () => {
    const seq = await suspended()
    await sql`create table removed as select * from certificate_events where event = 'suspended'`
    await behindTheBack('certificate_events', "delete from certificate_events where event = 'suspended'")
    const without = await differences()
    await behindTheBack('certificate_events', 'insert into certificate_events select * from removed')
    await behindTheBack('certificates', `update certificates set state = 'issuing' where number = '${other.number}'`)
    const hidden = await differences()
    await behindTheBack('certificates', `update certificates set state = 'issued' where number = '${other.number}'`)
    expect([without.code, without.named]).toEqual([1, [[one.number, 'suspended', today, seq, 'unregistered']]])
    expect([hidden.code, hidden.named.map(([, event, , , what]) => [event, what])]).toEqual([1, [['issued', 'hidden']]])
    expect((await differences()).code).toBe(0)
  })

  it('that moves the dates of a certificate is found', async () => {
    await behindTheBack('certificates', `update certificates set expires_on = expires_on + 365 where number = '${one.number}'`)
    const { code, named } = await differences()
    await behindTheBack('certificates', `update certificates set expires_on = expires_on - 365 where number = '${one.number}'`)
    expect([code, named]).toEqual([1, [[one.number, 'issued', today, 1, 'dates']]]) // line 0 tells of the sealed dossier
  })
})

describe('the outside clock', () => {
  it('has seen the log, and no line contradicts it', async () => {
    const { says, out } = await replay()
    expect([says('clock'), says('dated'), out.includes('An outside clock saw the log with')]).toEqual([['passed'], ['passed'], true])
  })

  it('names a line that was dated back after it, and a stamp that is not of this log', async () => {
    const { clock } = theatre, now = clock.now
    clock.now = new Date(now.getTime() - 3 * 86_400_000)
    const seq = await happens(one.number, 'condition_set', today, 'nonconformity')
    clock.now = now
    await publishLog(world)
    const { code, out } = await verify(['--url', url, '--lang', 'en'])
    expect([code, out.includes(`[FAILED] Line ${seq} (condition_set) claims to be of`)]).toEqual([1, true])
  })
})

describe('a log that was written anew', () => {
  it('is caught by anybody who kept a checkpoint, although it is whole in itself and signed by the same key', async () => {
    const twin = await stage() // the same keys, another history
    twin.clock.now = new Date()
    await sealedFilesOn(twin).issued()
    await logLinesOn(twin).manyLines(3)
    await publishLog(twin.world)
    const elsewhere = await twin.app.listen({ port: 0, host: '127.0.0.1' })
    const { code, says, out } = await verify(['--url', elsewhere, '--checkpoint', old, '--json'])
    expect([code, says('log'), says('checkpoint'), says('consistency')]).toEqual([1, ['passed'], ['passed', ], ['failed']])
    expect(out).toContain('The log was rewritten')
  })

  it('cannot lose lines either', async () => {
    const newest = path.join(directory, 'newest.txt')
    writeFileSync(newest, (await theatre.anybody.get('/log/checkpoint')).text)
    const twin = await stage()
    twin.clock.now = new Date()
    await sealedFilesOn(twin).issued()
    const shorter = await twin.app.listen({ port: 0, host: '127.0.0.1' })
    expect(await sizeNow()).toBeGreaterThan(1)
    expect((await verify(['--url', shorter, '--checkpoint', newest, '--json'])).says('consistency')).toEqual(['failed'])
  })
})
