import { randomInt } from 'node:crypto'
import { renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { signInAs } from '../../scripts/journey/person.ts'
import { mulberry32 } from '../support/deadly-moments.ts'
import { first, holdCommit, holdTable, until, type Held } from '../support/held-tables.ts'
import { issuingTheatre } from '../support/issuing-theatre.ts'
import type { Part } from '../support/killable-server.ts'
import { insteadOf, type Answering } from '../support/time-stamp-authority.ts'
import { expectSweepIsSafe, expectVerified, expectWhole } from '../support/whole-register.ts'

// Real processes on a real Postgres, disk and time-stamp authority, killed with -9 wherever issuing can stand. FAULT_SEED repeats a run.
const seed = Number(process.env.FAULT_SEED ?? randomInt(2 ** 31))
const random = mulberry32(seed)
const between = (least: number, most: number) => Math.round(least + random() * (most - least))
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const shuffled = <T>(things: readonly T[]) => things.map(thing => ({ thing, at: random() })).sort((one, other) => one.at - other.at).map(({ thing }) => thing)

const theatre = await issuingTheatre()
const { as, sql, awaiting, certify, decisionOn, employerOf, stateOf, settled, hurry, jobTaken, server, authority, keys, truth, documentsDir, world } = theatre
beforeAll(() => console.log(`FAULT_SEED=${seed}`))
const numbers: string[] = []

async function decided(id?: string): Promise<string> {
  const number = await certify(id ?? await awaiting())
  numbers.push(number)
  return number
}
const filesOf = async (number: string) => Number((await sql`select count(*)::int as files from certificate_files f join certificates c on c.id = f.certificate_id where c.number = ${number}`)[0]?.files)
const ready = async () => await (await fetch(`${server.url}/health/ready`)).json() as { checks: Record<string, string> }

/** Waits until the job failed once more, and for this reason. */
async function failed(id: string, problem: string, tries: number) {
  await until(`the job to fail for ${problem}`, async () => {
    const { certificate } = (await as('suzuki').get(`/applications/${id}/decision`)).body
    const [job] = await sql`select attempts from graphile_worker.jobs where task_identifier = 'issue_certificate'`
    return certificate.state === 'retrying' && certificate.problem === problem && Number(job?.attempts) >= tries
  })
}

describe('while the time-stamp authority is away or lies', () => {
  it('nothing is issued and everybody is told why; when it is back the certificate goes out', { timeout: 40_000 }, async () => {
    const id = await awaiting({ employerId: await employerOf('yamada') })
    const asked = authority.state.asked
    const faults: Answering[] = [() => ({ status: 503 }), insteadOf('imprint', keys.good), insteadOf('nonce', keys.good), () => ({ body: Buffer.from('no') })]
    authority.state.answering = faults[0] ?? truth
    const number = await decided(id)
    for (const [nth, fault] of faults.entries()) {
      authority.state.answering = fault
      await hurry()
      await failed(id, 'time_stamp', nth + 1)
      expect([await stateOf(number), await filesOf(number), (await fetch(`${server.url}/c/${number}`)).status]).toEqual(['issuing', 0, 404])
    }
    expect(authority.state.asked - asked).toBeGreaterThanOrEqual(faults.length)
    for (const who of ['yamada', 'suzuki'] as const) expect((await as(who).page(`/applications/${id}/decision`)).text).toContain('タイムスタンプ局）の応答を待っています')
    authority.state.answering = truth
    await settled(number)
    await expectVerified(server.url, number)
  })

  it('a job that has used up its tries is started again by the operator’s button', { timeout: 40_000 }, async () => {
    const id = await awaiting()
    authority.state.answering = () => ({ status: 503 })
    const number = await decided(id)
    await failed(id, 'time_stamp', 1)
    await sql`update graphile_worker._private_jobs set attempts = max_attempts - 1 where task_id = (select id from graphile_worker._private_tasks where identifier = 'issue_certificate')`
    await hurry()
    const page = async () => (await as('suzuki').get(`/applications/${id}/decision`)).body.certificate
    await until('the job to give up', async () => (await page()).state === 'failed')
    expect([await page(), (await ready()).checks.jobs]).toMatchObject([{ problem: 'time_stamp', mayRetry: true }, 'failed'])
    authority.state.answering = truth
    expect((await as('suzuki').post(`/certificates/${(await page()).id}/retry`)).status).toBe(201)
    await settled(number)
    expect((await ready()).checks.jobs).toBe('ok')
  })
})

describe('while documents cannot be stored', () => {
  it('nothing is issued and everybody is told why; then one certificate', { timeout: 40_000 }, async () => {
    const id = await awaiting({ employerId: await employerOf('yamada') })
    const drafts = path.join(documentsDir, 'tmp')
    renameSync(drafts, `${drafts}.away`)
    writeFileSync(drafts, 'a file where a directory was: root cannot write there either')
    const number = await decided(id)
    await failed(id, 'storage', 1)
    expect([await stateOf(number), await filesOf(number)]).toEqual(['issuing', 0])
    expect((await as('yamada').page(`/applications/${id}/decision`, 'en')).text).toContain('It waits until documents can be stored again.')
    rmSync(drafts)
    renameSync(`${drafts}.away`, drafts)
    await settled(number)
  })
})

describe('a signer killed with -9', () => {
  it.each([between(0, 30), between(30, 70), between(70, 120)])('%i ms after the job was taken: one certificate', { timeout: 40_000 }, async moment => {
    const deciding = decided(await awaiting())
    await jobTaken()
    await pause(moment)
    await server.kill('signer')
    await settled(await deciding)
  })
})

// What one waits at, in the order in which issuing comes to it.
const steps: [step: string, hold: () => Promise<Held>][] = [
  ['before anything is drawn', () => holdTable(sql, 'log_checkpoints', { alsoReaders: true })],
  ['while the signer is asked', async () => {
    await server.signal('signer', 'SIGSTOP')
    const pid = await server.living('signer')
    return { reached: async () => { await jobTaken(); await pause(between(200, 500)) }, release: async () => void signalIfAlive(pid, 'SIGCONT') }
  }],
  ['while the time stamp is awaited', async () => {
    const before = authority.state.asked
    authority.state.answering = () => ({ never: true })
    return { reached: () => until('the authority to be asked', async () => authority.state.asked > before), release: async () => { authority.state.answering = truth } }
  }],
  ['while the file is written', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const watcher = watch(path.join(documentsDir, 'tmp'), () => resolve())
    return { reached: () => promise, release: async () => watcher.close() }
  }],
  ['when the file is stored, before the credential is signed', async () => {
    const pid = await server.living('signer')
    const { promise, resolve } = Promise.withResolvers<void>()
    const watcher = watch(documentsDir, { recursive: true }, (_, name) => { if (name && !name.startsWith('tmp') && name.length > 20) resolve() })
    authority.state.answering = request => { signalIfAlive(pid, 'SIGSTOP'); return truth(request) }
    return { reached: () => promise, release: async () => { watcher.close(); authority.state.answering = truth; signalIfAlive(pid, 'SIGCONT') } }
  }],
  ['at the row of the file', () => holdTable(sql, 'certificate_files')],
  ['at the event', () => holdTable(sql, 'certificate_events')],
  ['at the line of the log', () => holdTable(sql, 'log_entries')],
  ['at the journal', () => first(holdTable(sql, 'certificate_events'), () => holdTable(sql, 'journal'))], // the decision writes there too
  ['at the commit', () => holdCommit(sql, 'certificate_events')],
  ['after the commit, before the log is published', () => first(holdCommit(sql, 'certificate_events'), () => holdTable(sql, 'log_checkpoints', { alsoReaders: true }))],
  ['while the files of the log are stored', () => holdTable(sql, 'log_files')],
  ['at the checkpoint', () => holdTable(sql, 'log_checkpoints')],
  ['at the status list', async () => {
    await sql.begin(async tx => { // without a list one must be built; nobody else can take the one in force away (migration 0008)
      await tx`alter table status_lists disable trigger status_list_is_kept`
      await tx`delete from status_lists`
      await tx`alter table status_lists enable always trigger status_list_is_kept`
    })
    return holdTable(sql, 'status_lists')
  }],
]
// The runner alone; all three as in a power cut; the server alone, whose runner then finishes what it has beside the next one's.
const deaths: Part[][] = [['jobs'], ['server', 'jobs', 'signer'], ['server'], ['jobs', 'signer']]
const drawn = Array.from({ length: Math.ceil(steps.length / deaths.length) }, () => shuffled(deaths)).flat()
const dying = steps.map(([step, hold], nth) => ({ step, hold, parts: drawn[nth] ?? [] }))

describe.each(dying)('killed with -9 $step: $parts', ({ hold, parts }) => {
  it('ends with one certificate', { timeout: 60_000 }, async () => {
    const id = await awaiting()
    const held = await hold()
    const deciding = decided(id)
    deciding.catch(() => undefined)
    await held.reached()
    await server.kill(...parts)
    await held.release()
    if (parts.includes('server')) await server.start()
    await settled(await deciding)
  })
})

describe.each(['at the row of the certificate', 'at the commit'])('a server killed with -9 while it takes the decision, %s', step => {
  it('has one decision and one certificate when the same form comes again', { timeout: 60_000 }, async () => {
    const id = await awaiting()
    const decider = await signInAs(server.url, 'tanaka@akashi.example')
    const held = step === 'at the commit' ? await holdCommit(sql, 'certificates') : await holdTable(sql, 'certificates')
    const { dossier } = await decider.get<{ dossier: { sha256: string } }>(`/applications/${id}/decision`)
    const deciding = decider.post<{ certificateNumber: string }>(`/applications/${id}/decision`, { ...await decisionOn(id), dossierSha256: dossier.sha256 })
    deciding.catch(() => undefined)
    await held.reached()
    await server.kill('server')
    await held.release()
    await server.start()
    const { certificateNumber } = await deciding
    numbers.push(certificateNumber)
    await settled(certificateNumber)
    expect(await sql`select number from certificates where application_id = ${id}`).toEqual([{ number: certificateNumber }])
  })
})

describe('after all these deaths', () => {
  it('every certificate is whole, and nobody is called', async () => {
    expect((await sql`select number from certificates order by number collate "C"`).map(({ number }) => number)).toEqual([...numbers].sort())
    await expectWhole(sql, documentsDir, 1)
    await until('everything to be ready', async () => (await fetch(`${server.url}/health/ready`)).ok)
  })

  it('the sweep of the next day removes nothing of value', async () => {
    expect(await expectSweepIsSafe(world, sql, documentsDir)).toBeGreaterThan(0) // who died after storing left something
    await expectWhole(sql, documentsDir, 1)
  })

  it('a stranger can check them: five drawn from the seed', { timeout: 60_000 }, async () => {
    for (const number of shuffled(numbers).slice(0, 5)) await expectVerified(server.url, number)
  })
})

function signalIfAlive(pid: number, signal: NodeJS.Signals) {
  try { process.kill(pid, signal) } catch { /* it was killed */ }
}
