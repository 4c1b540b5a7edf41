import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { auditLog } from '../../server/log/audit.ts'
import { verify } from '../support/kept-files.ts'
import { logLinesOn } from '../support/log-lines.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// What became of appeals and complaints is public: whoever replays the log finds a count that was made up, and the audit names the row.
const theatre = await stage()
theatre.clock.now = new Date()
const { app, as, idOf, runJobs, world: { database: { db } } } = theatre
const { awaiting, decisionOn, issued, employerOf } = sealedFilesOn(theatre)
const { behindTheBack } = logLinesOn(theatre)
let url = ''

beforeAll(async () => {
  await issued()
  const id = await awaiting({ employerId: await employerOf('yamada') })
  await as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id, 'refuse'))
  const { href } = (await as('yamada').get(`/applications/${id}/decision`)).body.outcome.appeal
  const { body: { appealId } } = await as('yamada').post(href, { grounds: '理由' })
  await as('suzuki').post(`/appeals/${appealId}/handler`, { personId: idOf('kobayashi') })
  await as('kobayashi').post(`/appeals/${appealId}/decision`, { outcome: 'upheld', reasons: '理由' })
  await theatre.anybody.post('/complaints', { target: 'scheme', account: '電話に出ない。', once: randomUUID() })
  await runJobs()
  url = await app.listen({ port: 0, host: '127.0.0.1' })
})

describe('the counts of appeals and complaints, over the network', () => {
  const named = () => auditLog(db).then(() => 'nothing', (error: Error) => error.message)

  it('are those of the log: exit 0, and the audit finds nothing', async () => {
    const { code, out, says } = await verify(['--url', url])
    expect([code, out.includes('The public counts of 1 appeals and 1 complaints are those of the log.') || says('remedies'), await named()]).toEqual([0, true, 'nothing'])
  })

  it('are found out when an upheld appeal was made a rejected one, and the audit names its line', async () => {
    await behindTheBack('appeal_decisions', `update appeal_decisions set outcome = 'rejected'`)
    const { code, says } = await verify(['--url', url, '--json'])
    expect([code, says('remedies'), await named()]).toEqual([1, ['failed'], expect.stringMatching(/^line \d+ and its appeal or complaint differ$/)])
    await behindTheBack('appeal_decisions', `update appeal_decisions set outcome = 'upheld'`)
  })

  it('are found out when a complaint was made away with', async () => {
    await behindTheBack('complaints', 'delete from complaints')
    const { code, says } = await verify(['--url', url, '--json'])
    expect([code, says('remedies'), await named()]).toEqual([1, ['failed'], expect.stringMatching(/its appeal or complaint differ/)])
  })
})
