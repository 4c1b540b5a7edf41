import { describe, expect, it } from 'vitest'
import { assignments } from '../../schema/assessments.ts'
import { findings } from '../../schema/findings.ts'
import { newId } from '../../schema/shared.ts'
import type { CastName } from '../../scripts/seed.ts'
import { asIfEarlier } from '../support/as-if.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// domain.md, decision rule: two persons sign a first certificate, and wherever a zero-tolerance finding was closed.
const theatre = await stage()
const { as, idOf, clock, world } = theatre
const { db, sql } = world.database
const { awaiting, decisionOn, fileOf, stageOf, anotherEmployer } = sealedFilesOn(theatre)
const at = (id: string) => `/applications/${id}/decision`
const decide = async (who: CastName, id: string, outcome: 'certify' | 'refuse') => as(who).post(at(id), await decisionOn(id, outcome))
const adviserOf = (id: string, who: CastName) => db.insert(assignments).values({ applicationId: id, personId: idOf(who), part: 'adviser', assignedBy: idOf('suzuki'), endedAt: clock.now })

describe('a first certificate', () => {
  const certify = async (who: CastName, id: string, change: Record<string, unknown> = {}) =>
    as(who).post(at(id), { outcome: 'certify', reasons: '記録にもとづく。', version: (await stageOf(id))?.version, dossierSha256: await fileOf(id), once: newId(), ...change })

  it('is signed by two: the first signs, the second sees it and decides', async () => {
    const id = await awaiting()
    const first = await certify('tanaka', id, { reasons: '一人目の理由' })
    expect([first.status, first.body, (await stageOf(id))?.stage]).toEqual([201, { decisionId: null, outcome: 'signed', certificateNumber: null }, 'awaiting_decision'])
    const mine = (await as('tanaka').get(at(id))).body.signing, other = (await as('kobayashi').get(at(id))).body.signing
    expect([mine, other]).toEqual([{ two: true, first: { name: '田中 明', reasons: '一人目の理由', signedAt: clock.now.toISOString() }, condition: { text: '', until: '' }, mine: true, step: 'first' }, { two: true, first: expect.objectContaining({ name: '田中 明' }), condition: { text: '', until: '' }, mine: false, step: 'none' }])
    expect((await as('kobayashi').page(at(id), 'en')).text).toContain('一人目の理由')
    const second = await certify('kobayashi', id)
    expect([second.status, second.body.outcome, (await stageOf(id))?.stage]).toEqual([201, 'certify', 'certified'])
    expect(await sql`select actor_id, operation from journal where application_id = ${id} and operation like 'decisions.%' order by id`).toEqual([{ actor_id: idOf('tanaka'), operation: 'decisions.sign' }, { actor_id: idOf('kobayashi'), operation: 'decisions.decide' }])
  })

  it('is not certified by one who signs twice', async () => {
    const id = await awaiting()
    await certify('tanaka', id)
    const again = await certify('tanaka', id)
    expect([again.status, again.body.code, again.body.missing, (await stageOf(id))?.stage]).toEqual([409, 'needs', ['second_signature'], 'awaiting_decision'])
  })

  it('is certified, once, when both sign at the same moment', async () => {
    const id = await awaiting()
    const both = await Promise.all([certify('tanaka', id), certify('kobayashi', id)])
    expect([both.map(({ body }) => body.outcome).toSorted(), (await stageOf(id))?.stage]).toEqual([['certify', 'signed'], 'certified'])
  })

  it('can be refused by one alone, also after the first signature', async () => {
    const id = await awaiting()
    await certify('tanaka', id)
    expect([(await decide('kobayashi', id, 'refuse')).status, (await stageOf(id))?.stage]).toEqual([201, 'refused'])
  })

  it('is not signed by who took part, nor over a gate', async () => {
    const id = await awaiting({ fees: 'undisclosed_or_unplanned' })
    expect((await certify('kobayashi', id)).body.missing).toEqual(['fee_gate', 'second_signature'])
    await adviserOf(id, 'tanaka')
    expect([(await certify('tanaka', id)).body.code, await sql`select from decision_signatures where application_id = ${id}`]).toEqual(['not_independent', []])
  })

  it('stands in the list of the other as signed by one', async () => {
    const id = await awaiting()
    await certify('tanaka', id)
    const { awaiting: rows } = (await as('kobayashi').get('/decisions')).body
    expect(rows.find((row: { application: { id: string } }) => row.application.id === id)?.signed).toBe(true)
  })
})

describe('a renewal', () => {
  it('takes one signature, and two again over a finding of zero tolerance that was closed', async () => {
    const employerId = await anotherEmployer('更新の会社')
    await decide('tanaka', await awaiting({ employerId }), 'certify')
    const id = await awaiting({ employerId }), finding = { applicationId: id, criterion: 'RE-05.1', criterionVersion: '1', grade: 'zero_tolerance', statement: '旅券の預かり', raisedBy: idOf('sato') } as const
    expect((await as('tanaka').get(at(id))).body.signing).toMatchObject({ two: false, step: 'none' })
    await asIfEarlier(sql, 'findings', () => db.insert(findings).values(finding))
    expect((await as('tanaka').get(at(id))).body.signing).toMatchObject({ two: true, step: 'first' })
  })
})
