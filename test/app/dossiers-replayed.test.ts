import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { auditLog } from '../../server/log/audit.ts'
import { verify } from '../support/kept-files.ts'
import { logLinesOn } from '../support/log-lines.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// The file that a decision rests on is in the public log by its hash: whoever replays the log finds one that was altered, and it is named which row.
const theatre = await stage()
theatre.clock.now = new Date()
const { app, idOf, runJobs, world: { database: { db, sql } } } = theatre
const { awaiting, issued } = sealedFilesOn(theatre)
const { behindTheBack } = logLinesOn(theatre)
const named = () => auditLog(db).then(() => 'nothing', (error: Error) => error.message)
let url = '', id = '', seq = 0

beforeAll(async () => {
  id = (await issued()).id
  await awaiting() // and one that still waits
  await runJobs()
  seq = Number((await sql`select log_seq from dossiers where application_id = ${id}`)[0]?.log_seq)
  url = await app.listen({ port: 0, host: '127.0.0.1' })
})

describe('the sealed dossiers, over the network', () => {
  it('are as they were sealed: exit 0, and the audit finds nothing', async () => {
    const { code, out } = await verify(['--url', url])
    expect([code, out.includes('The 2 files that decisions rest on are as they were sealed.'), await named()]).toEqual([0, true, 'nothing'])
  })

  it('tell nobody whose they are, nor what is in them', async () => {
    const text = (await theatre.anybody.get('/log/dossiers.ndjson')).text
    expect(text.trim().split('\n').map(line => Object.keys(JSON.parse(line)))).toEqual([['seq', 'dossier', 'altered'], ['seq', 'dossier', 'altered']])
    expect([text.includes(id), text.includes('RE-')]).toEqual([false, false])
  })

  it('do not move when something is uploaded later', async () => {
    await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, uploaded_by)
      select ${randomUUID()}, employer_id, id, 'evidence', ${randomUUID()}, 'x.pdf', 3, ${'a'.repeat(64)}, 'application/pdf', ${idOf('yamada')} from applications where id = ${id}`
    expect([(await verify(['--url', url, '--json'])).says('dossiers'), await named()]).toEqual([['passed'], 'nothing'])
  })

  // alter, put right again: the words of the checker and of the audit
  it.each([
    ['one answer', 'answers', `update answers set explanation = 'べつの話' where application_id = $id and criterion = 'RE-01.1'`, `update answers set explanation = '毎月、記録を確かめています。' where application_id = $id and criterion = 'RE-01.1'`, 'answers/RE-01.1 changed'],
    ['one interview', 'interviews', `update interviews set people = 2 where application_id = $id and code = 'A-01'`, `update interviews set people = 1 where application_id = $id and code = 'A-01'`, 'changed'],
    ['the recommendation', 'recommendations', `update recommendations set summary = 'x' where application_id = $id`, `update recommendations set summary = '基準に適合していると考えます。' where application_id = $id`, 'changed'],
  ])('are found out when %s was changed by SQL, and it is named', async (_, table, edit, undo, words) => {
    await behindTheBack(table, edit.replace('$id', `'${id}'`))
    const { code, out, says } = await verify(['--url', url, '--json'])
    expect([code, says('dossiers'), out.includes(`The file sealed in line ${seq} was altered afterwards: `) && out.includes(words)]).toEqual([1, ['failed:rows'], true])
    expect(await named()).toContain(`the dossier of line ${seq} is not what was sealed: `)
    expect(await named()).toContain(words)
    await behindTheBack(table, undo.replace('$id', `'${id}'`))
    expect(await named()).toBe('nothing')
  })

  it('are found out when the seal was written anew over an altered answer', async () => {
    await behindTheBack('answers', `update answers set explanation = 'べつの話' where application_id = '${id}' and criterion = 'RE-02.1'`)
    await behindTheBack('dossiers', `update dossiers d set parts = parts || (select jsonb_object_agg(p.part, p.sha256) from dossier_parts(d.application_id) p where d.parts ? p.part), sha256 = dossier_now(application_id)`)
    const { code, says } = await verify(['--url', url, '--json'])
    expect([code, says('dossiers'), await named()]).toEqual([1, ['failed:seal'], `the dossier of line ${seq} is not what was sealed: its seal was written anew`])
  })

  it('are found out when one was made away with', async () => {
    await behindTheBack('dossiers', `delete from dossiers where application_id = '${id}'`)
    expect([(await verify(['--url', url, '--json'])).says('dossiers'), await named()]).toEqual([['failed:gone'], `the dossier of line ${seq} is gone`])
  })
})
