import { afterEach, describe, expect, it } from 'vitest'
import { StorageUnavailable } from '../../server/adapters/documents.ts'
import { SignerUnavailable } from '../../server/adapters/signer.ts'
import { TimeStampUnavailable } from '../../server/adapters/time-stamps.ts'
import { jobNames } from '../../server/jobs/enqueue.ts'
import { sweep } from '../../server/jobs/sweep.ts'
import { KeyNotInUse } from '../../server/keys/ensure.ts'
import { translate } from '../../server/http/locale.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, runJobs, world } = theatre
const { sql } = world.database
const { awaiting, decisionOn, employerOf } = sealedFilesOn(theatre)
const kept = { stamp: world.timeStamps.stamp, sign: world.signer.sign, put: world.documents.put }
afterEach(() => {
  world.timeStamps.stamp = kept.stamp
  world.signer.sign = kept.sign
  world.documents.put = kept.put
})

const jobsCheck = async () => (await anybody.get('/health/ready')).body.checks.jobs
const queue = (job: string) => sql`select graphile_worker.add_job(${job}, '{}'::json, job_key => ${job})`
const giveUp = (job: string, problem: string) => sql`select graphile_worker.permanently_fail_jobs(array(select id from graphile_worker.jobs where task_identifier = ${job}), ${problem})`
const turn = () => sql`update graphile_worker._private_jobs set run_at = now()`

describe('a certificate that waits', () => {
  it('says for what, to employer and operator, and never with the words of the error', async () => {
    await runJobs()
    const id = await awaiting({ employerId: await employerOf('yamada') })
    await as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id))
    const faults: [string, () => void][] = [
      ['time_stamp', () => { world.timeStamps.stamp = async () => { throw new TimeStampUnavailable('no time stamp: tsa.internal fell over') } }],
      ['signer', () => { world.signer.sign = async () => { throw new SignerUnavailable('tsa.internal fell over') } }],
      ['storage', () => { world.documents.put = async () => { throw new StorageUnavailable('tsa.internal fell over') } }],
      ['key', () => { world.signer.sign = async () => { throw new KeyNotInUse('seal', 'tsa.internal fell over', 'retired') } }],
    ]
    for (const [problem, fault] of faults) {
      Object.assign(world.timeStamps, { stamp: kept.stamp })
      Object.assign(world.signer, { sign: kept.sign })
      Object.assign(world.documents, { put: kept.put })
      fault()
      await turn()
      await runJobs()
      for (const who of ['yamada', 'suzuki'] as const) {
        expect((await as(who).get(`/applications/${id}/decision`)).body.certificate).toMatchObject({ state: 'retrying', problem })
        const { text } = await as(who).page(`/applications/${id}/decision`)
        expect([text.includes(translate('ja', `decisions.issuing_because_${problem}`)), text.includes('fell over')]).toEqual([true, false])
      }
    }
    expect((await as('yamada').page(`/applications/${id}/decision`, 'en')).text).toContain('The signing key may not be used at present')
    Object.assign(world.signer, { sign: kept.sign })
    await turn()
    await runJobs()
    expect((await as('yamada').get(`/applications/${id}/decision`)).body.certificate).toMatchObject({ state: 'issued', problem: null })
  })
})

describe('a job that used up its tries', () => {
  it.each(['publish_log', 'publish_status'])('%s is seen by the operator, who starts it again with a button', async job => {
    await queue(job)
    await giveUp(job, 'SignerUnavailable: the signer is away (ENOENT)')
    expect(await jobsCheck()).toBe('failed')
    expect((await as('suzuki').page('/pipeline')).text).toContain('自動処理が止まっています（1件）')
    const [stuck] = (await as('suzuki').get('/jobs')).body.jobs
    expect(stuck).toMatchObject({ job, state: 'stopped', problem: 'signer', nextAt: null })
    const { text } = await as('suzuki').page('/jobs', 'en')
    expect([text.includes(translate('en', `jobs.name_${job}`)), text.includes('The signer did not answer'), text.includes('ENOENT'), text.includes(`action="/jobs/${stuck.id}/retry"`)]).toEqual([true, true, false, true])
    expect((await as('suzuki').post(`/jobs/${stuck.id}/retry`)).status).toBe(201)
    await runJobs()
    expect([await jobsCheck(), (await as('suzuki').get('/jobs')).body, (await sql`select after from journal where operation = 'jobs.retry' order by id desc limit 1`)[0]?.after]).toEqual(['ok', { jobs: [], stopped: 0 }, { job }])
    expect((await as('suzuki').post(`/jobs/${stuck.id}/retry`)).body.code).toBe('no_such_step')
    expect((await as('suzuki').page('/pipeline')).text).not.toContain('自動処理が止まっています')
  })

  it('has a name in words, whichever it is', () => {
    for (const locale of ['ja', 'en'] as const) for (const name of jobNames) expect(translate(locale, `jobs.name_${name}`)).not.toContain('jobs.')
  })

  it.each(['yamada', 'tanaka', 'sato'] as const)('is none of the business of %s', async who => {
    expect([(await as(who).get('/jobs')).status, (await as(who).post('/jobs/1/retry')).status]).toEqual([403, 403])
  })
})

describe('a job whose runner died after the same was queued again', () => {
  it('has a successor: nobody is called, and the sweep takes it away', async () => {
    await queue('publish_log')
    await sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'one that dies', attempts = 1`
    await queue('publish_log')
    await sql`select graphile_worker.force_unlock_workers(array['one that dies'])`
    expect([(await sql`select key, attempts = max_attempts as spent from graphile_worker.jobs order by id`).map(row => ({ ...row })), await jobsCheck()]).toEqual([[{ key: null, spent: true }, { key: 'publish_log', spent: false }], 'ok'])
    const [old] = await sql`select id from graphile_worker.jobs where key is null`
    expect([(await as('suzuki').get('/jobs')).body.jobs, (await as('suzuki').post(`/jobs/${old?.id}/retry`)).status]).toEqual([[], 409])
    await runJobs()
    await sweep(world)
    expect(await sql`select id from graphile_worker.jobs`).toEqual([])
  })

  it('but an audit that found something waits for a person, although it has no key', async () => {
    await sql`select graphile_worker.add_job('audit_log', '{}'::json, max_attempts => 2)`
    await giveUp('audit_log', 'LogAltered: line 3 and its event differ')
    await sweep(world)
    expect([await jobsCheck(), (await as('suzuki').get('/jobs')).body.jobs.map(({ job, problem }: Record<string, unknown>) => [job, problem])]).toEqual(['failed', [['audit_log', 'other']]])
  })
})
