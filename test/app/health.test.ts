import { X509Certificate } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { SignerUnavailable } from '../../server/adapters/signer.ts'
import { TimeStampUnavailable } from '../../server/adapters/time-stamps.ts'
import { endingsOf } from '../../server/health/endings.ts'
import { sweep } from '../../server/jobs/sweep.ts'
import { revoking } from '../support/seal-authority.ts'
import { stage } from '../support/world.ts'

const { world, anybody, clock, mails, runJobs, idOf } = await stage()
const { signer, timeStamps } = world
const at = { today: clock.now, end: new X509Certificate(signer.certificate).validToDate }
const kept = { ready: signer.ready, crls: signer.crls, reachable: timeStamps.ready }
const daysBefore = (days: number) => new Date(at.end.getTime() - days * 86_400_000 + 3_600_000)
const ready = async () => (await anybody.get('/health/ready'))

afterEach(() => {
  clock.now = at.today
  Object.assign(signer, { ready: kept.ready, crls: kept.crls })
  timeStamps.ready = kept.reachable
})

describe('/health/ready', () => {
  it('says ok of each part, and warns of nothing', async () => {
    const { status, body } = await ready()
    expect([status, body]).toEqual([200, {
      status: 'ok', checks: { database: 'ok', documents: 'ok', signer: 'ok', timeStamps: 'ok', log: 'ok', jobs: 'ok' }, warnings: [], keyId: signer.keyId, development: true,
    }])
  })

  it('says failed of the signer when it is away, and of the time stamps when nobody answers', async () => {
    signer.ready = async () => { throw new SignerUnavailable('the signer is away') }
    expect(await ready()).toMatchObject({ status: 503, body: { status: 'failed', checks: { signer: 'failed', timeStamps: 'ok' } } })
    signer.ready = kept.ready
    timeStamps.ready = async () => { throw new TimeStampUnavailable('nobody') }
    expect(await ready()).toMatchObject({ status: 503, body: { status: 'failed', checks: { signer: 'ok', timeStamps: 'failed' } } })
  })

  it('says failed of a seal whose certificate has ended, or is revoked', async () => {
    clock.now = daysBefore(-1)
    expect((await ready()).body.checks.signer).toBe('failed')
    clock.now = at.today
    signer.crls = [await revoking(signer)]
    expect((await ready()).body.checks.signer).toBe('failed')
  })

  it('warns 60 days before a certificate ends, once for what seal and time stamps share', async () => {
    clock.now = daysBefore(61)
    expect((await ready()).body.warnings).toEqual([])
    clock.now = daysBefore(60)
    const { status, body } = await ready()
    expect([status, body.warnings.map(({ what, subject, daysLeft }: Record<string, unknown>) => [what, subject, daysLeft])]).toEqual([200, [
      ['seal', 'Akashi development seal NOT TRUSTED', 59], ['time_stamp', 'Akashi development time stamps NOT TRUSTED', 59],
    ]])
  })
})

describe('a certificate that ends', () => {
  it('is warned of at 60, 30 and 7 days, and lists when they are overdue', () => {
    const thresholds = [61, 59, 31, 29, 8, 6, -1].map(days => endingsOf(world, daysBefore(days)).filter(({ what }) => what === 'seal').map(({ threshold }) => threshold))
    expect(thresholds).toEqual([[], [60], [60], [30], [30], [7], [7]])
    expect(endingsOf(world, daysBefore(-1)).some(({ what }) => what === 'list')).toBe(true)
    expect(endingsOf(world, daysBefore(8)).some(({ what }) => what === 'list')).toBe(false)
  })

  it('is written about to every operator, once per threshold', async () => {
    const counted: number[] = []
    const readers = new Set<string>()
    for (const days of [61, 59, 58, 29, 6, 5]) {
      clock.now = daysBefore(days)
      mails.length = 0
      await sweep(world)
      await sweep(world)
      await runJobs()
      const told = mails.filter(({ subject }) => subject.includes('署名'))
      counted.push(told.length)
      for (const { to } of told) readers.add(to)
    }
    expect(counted).toEqual([0, 2, 0, 2, 2, 0]) // the seal and the time stamps' own certificate
    const [operator] = await world.database.sql`select email from people where id = ${idOf('suzuki')}`
    expect([...readers]).toEqual([operator?.email])
  })
})
