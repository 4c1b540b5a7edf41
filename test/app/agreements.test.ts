import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { unsignedAgreements } from '../../server/agreements/queries.ts'
import { currentAgreement } from '../../server/agreements/texts.ts'
import { stage } from '../support/world.ts'

const { as, anybody, world, idOf } = await stage()
const { db, sql } = world.database
const employerOf = async (who: 'yamada' | 'outsider') => (await sql`select employer_id from memberships where person_id = ${idOf(who)}`)[0]?.employer_id as string
const { version } = currentAgreement('code_of_conduct')
const signature = { version, signerName: '山田 花子', signerTitle: '工場長', agreed: 'on' }

describe('signing', () => {
  it('refuses a signature under another version than the one that stands', async () => {
    const { status, body } = await as('yamada').post('/agreements/code_of_conduct', { ...signature, version: '1999-1' })
    expect([status, body.code, await unsignedAgreements(db, await employerOf('yamada'))]).toEqual([409, 'stale', ['code_of_conduct', 'certification_agreement']])
  })

  it.each([[{ ...signature, agreed: '' }, 'agreed'], [{ ...signature, signerName: '' }, 'signerName'], [{ ...signature, signerTitle: 'あ'.repeat(81) }, 'signerTitle'],
    [{ ...signature, signerName: 'nul\0' }, 'signerName'], [{ ...signature, signerName: '\udfff' }, 'signerName']])('refuses %j', async (body, field) => {
    const answer = await as('yamada').post('/agreements/code_of_conduct', body)
    expect([answer.status, answer.body.errors.map((error: { field: string }) => error.field)]).toEqual([422, [field]])
  })

  it('brings the form back with the name that was typed', async () => {
    const { status, text } = await as('yamada').submit('/agreements/code_of_conduct', { version, signerName: '山田 <b>花子</b>', signerTitle: '社長' })
    expect([status, text.includes('山田 &lt;b&gt;花子&lt;/b&gt;'), text.includes('チェックを入れてください')]).toEqual([422, true, true])
  })

  it('keeps who signed what words: version, hash of the very file, typed name and title', async () => {
    const { status, body } = await as('yamada').post('/agreements/code_of_conduct', signature)
    const file = readFileSync(new URL('../../schema/agreements/code_of_conduct.json', import.meta.url))
    const textSha256 = createHash('sha256').update(file).digest('hex')
    const rows = await sql`select kind, version, text_sha256, signed_as, person_id from agreement_signatures`
    expect([status, body, rows[0]]).toEqual([201, { kind: 'code_of_conduct', version, textSha256 }, { kind: 'code_of_conduct', version, text_sha256: textSha256, signed_as: '工場長 山田 花子', person_id: idOf('yamada') }])
  })

  it('is done once: a second signature under the same version is refused', async () => {
    const { status, body } = await as('yamada').post('/agreements/code_of_conduct', signature)
    expect([status, body.code]).toEqual([409, 'already_exists'])
  })

  it('leaves the other agreement unsigned, and the other company too', async () => {
    expect([await unsignedAgreements(db, await employerOf('yamada')), await unsignedAgreements(db, await employerOf('outsider'))])
      .toEqual([['certification_agreement'], ['code_of_conduct', 'certification_agreement']])
  })

  it('asks again when the signed words are not the words of today', async () => {
    const employerId = await employerOf('outsider')
    await sql`insert into agreement_signatures (id, employer_id, kind, version, text_sha256, signed_as, person_id) values (gen_random_uuid(), ${employerId}, 'code_of_conduct', '2025-9', 'old', '社長', ${idOf('outsider')})`
    const page = await as('outsider').page('/agreements/code_of_conduct')
    expect([await unsignedAgreements(db, employerId), page.text.includes('文面が新しくなりました'), page.text.includes('2025-9')]).toEqual([['code_of_conduct', 'certification_agreement'], true, true])
  })
})

describe('the pages', () => {
  it.each(['ja', 'en'])('show both texts and who signed, in %s', async lang => {
    const list = await as('yamada').page('/agreements', lang), text = await as('yamada').page('/agreements/certification_agreement', lang)
    expect([list.status, list.text.includes('工場長 山田 花子'), text.status, text.text.includes(currentAgreement('certification_agreement').sha256)]).toEqual([200, true, 200, true])
  })

  it('are for companies only, and there is no third agreement', async () => {
    const answers = [await anybody.get('/agreements'), await as('tanaka').post('/agreements/code_of_conduct', signature), await as('yamada').get('/agreements/third')]
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 404])
  })
})
