import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sweep } from '../../server/jobs/sweep.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, idOf, mails, runJobs, clock, world } = theatre
const { sql } = world.database
const { awaiting, decisionOn, employerOf } = sealedFilesOn(theatre)
const begun = clock.now

// Hour by hour would be slow: the hours that matter, each twice, and two sweeps at once.
async function heardOn(day: string): Promise<string[]> {
  clock.now = new Date(`${day}T01:00:00Z`)
  mails.length = 0
  await Promise.all([sweep(world), sweep(world)])
  await sweep(world)
  await runJobs()
  return mails.filter(({ subject }) => subject === '不服申立て・苦情の期限').map(({ to }) => to.split('@')[0] ?? '').toSorted()
}

describe('what waits for an answer', () => {
  it('an appeal is reminded of a week and a day before day 60, and when it has passed; the handler too, once each', async () => {
    const id = await awaiting({ employerId: await employerOf('yamada') })
    await as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id, 'refuse'))
    const { body: { appealId } } = await as('yamada').post((await as('yamada').get(`/applications/${id}/decision`)).body.outcome.appeal.href, { grounds: '理由' })
    await as('suzuki').post(`/appeals/${appealId}/handler`, { personId: idOf('kobayashi') })
    const both = ['kobayashi', 'suzuki']
    expect([await heardOn('2027-01-15'), await heardOn('2027-01-16'), await heardOn('2027-01-17'), await heardOn('2027-01-22'), await heardOn('2027-01-23'), await heardOn('2027-01-24'), await heardOn('2027-01-25')]).toEqual([[], both, [], both, [], both, []])
    clock.now = begun
    await as('kobayashi').post(`/appeals/${appealId}/decision`, { outcome: 'rejected', reasons: '理由' })
  })

  it('a complaint is reminded of until it is acknowledged, then until it is answered', async () => {
    clock.now = begun
    await anybody.post('/complaints', { target: 'scheme', account: '電話に出ない。', once: randomUUID() })
    const id = String((await sql`select id from complaints`)[0]?.id)
    expect([await heardOn('2026-11-24'), await heardOn('2026-11-30'), await heardOn('2026-12-02')]).toEqual([['suzuki'], ['suzuki'], ['suzuki']]) // a week, a day, late
    await as('suzuki').post(`/complaint-cases/${id}/steps`, { step: 'acknowledged' })
    expect([await heardOn('2026-12-03'), await heardOn('2026-12-17'), await heardOn('2026-12-23')]).toEqual([[], ['suzuki'], ['suzuki']])
  })

  it('nobody is told when it was answered between the reminder and its sending', async () => {
    const id = String((await sql`select id from complaints`)[0]?.id)
    clock.now = new Date('2026-12-25T01:00:00Z')
    mails.length = 0
    await sweep(world)
    await as('suzuki').post(`/complaint-cases/${id}/steps`, { step: 'assigned', handler: idOf('kobayashi') })
    await as('kobayashi').post(`/complaint-cases/${id}/steps`, { step: 'not_upheld', text: '調べました。' })
    await runJobs()
    expect(mails.filter(({ subject }) => subject === '不服申立て・苦情の期限')).toEqual([])
    expect(await heardOn('2026-12-26')).toEqual([])
    clock.now = begun
  })
})
