import { castOf } from '../seed.ts'
import { bigRegister, type BigRegister } from './big-register.ts'
import { growthOf, runnerOf } from './memory.ts'
import { median, type Measured } from './row.ts'

const certificates = Number(process.env.BENCH_CERTIFICATES ?? 100_000), lines = 100_000, rounds = Number(process.env.BENCH_ROUNDS ?? 3), patience_ms = 300_000

/** A buyer's list of a hundred thousand over HTTP, from upload to downloaded result, beside the same join as one SQL statement. */
export async function bulkCheck(tell: (line: string) => void): Promise<Measured[]> {
  const one = await bigRegister(certificates)
  try {
    const cookie = await signIn(one), list = listOf(one, lines)
    await run(one, cookie, listOf(one, 2000)) // warm
    const whole: number[] = [], joined: number[] = [], grown: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      grown.push(await growthOf(one.pid, async () => { whole.push(await run(one, cookie, list)) }))
      joined.push(await join(one, list))
      tell(`round ${round + 1}: ${whole.at(-1)?.toFixed(1)} s, joined ${joined.at(-1)?.toFixed(1)} s, ${grown.at(-1)?.toFixed(0)} MiB`)
    }
    const killed = await run(one, cookie, list, () => process.kill(runnerOf(one.pid), 'SIGKILL'))
    return [
      { name: `the same with the job runner killed (-9) in the middle: the list became ready`, value: killed, unit: 's', reference: null, bar: null },
      { name: `bulk check of ${lines.toLocaleString('en')} rows over HTTP, upload to downloaded result`, value: median(whole), unit: 's', reference: { name: 'the same join in one SQL statement', value: median(joined) }, bar: 5, atMost: true },
      { name: 'memory of server and runner meanwhile', value: Math.max(...grown), unit: 'MiB', reference: { name: 'limit', value: 64 }, bar: 1, atMost: true },
    ]
  } finally {
    await one.close()
  }
}

// Seven of ten by number, two by corporate number, one by name and prefecture; one of a hundred wrong.
type Line = { number: string; corporate: string; name: string; prefecture: string }
function listOf({ at, count }: BigRegister, size: number): Line[] {
  return Array.from({ length: size }, (_, nth) => {
    const one = at((nth * 7919) % count), kind = nth % 10
    const number = kind < 7 ? (nth % 100 === 0 ? one.number.replace('202', '220') : one.number) : ''
    return { number, corporate: kind === 7 || kind === 8 ? one.corporate : '', name: kind === 9 ? one.ja : '', prefecture: kind === 9 ? one.prefecture : '' }
  })
}

async function signIn({ url, sql }: BigRegister): Promise<string> {
  const [person] = await sql`select id from people where email = ${castOf.minato.email}`
  const reply = await fetch(`${url}/sign-in/as/${person?.id}`, { method: 'POST', headers: { origin: url, accept: 'application/json' } })
  return String(reply.headers.getSetCookie().find(cookie => cookie.startsWith('akashi_session'))).split(';')[0] ?? ''
}

async function run({ url }: BigRegister, cookie: string, list: readonly Line[], inTheMiddle?: () => void): Promise<number> {
  const text = `証書番号,法人番号,会社名,都道府県\n${list.map(({ number, corporate, name, prefecture }) => `${number},${corporate},${name},${prefecture}`).join('\n')}\n`
  const form = new FormData()
  form.append('file', new Blob([text], { type: 'text/csv' }), 'bench.csv')
  const headers = { cookie, origin: url, accept: 'application/json' }
  const begun = performance.now()
  const made = await (await fetch(`${url}/lists/upload`, { method: 'POST', headers, body: form })).json() as { id: string }
  for (let interrupt = inTheMiddle; ;) {
    const { state, rows } = await (await fetch(`${url}/lists/${made.id}`, { headers })).json() as { state: string; rows: number }
    if (state === 'ready' && interrupt) throw new Error('the list was ready before anything could be interrupted')
    if (state === 'ready') break
    if (state === 'failed' || performance.now() - begun > patience_ms) throw new Error(`the list is ${state} at ${rows} rows`)
    if (interrupt && rows > list.length / 4) {
      interrupt()
      interrupt = undefined
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  const result = await (await fetch(`${url}/lists/${made.id}/result.csv`, { headers })).text()
  if (result.split('\n').length < list.length) throw new Error('the result is not whole')
  return (performance.now() - begun) / 1000
}

async function join({ sql }: BigRegister, list: readonly Line[]): Promise<number> {
  await sql`drop table if exists typed`
  await sql`create temporary table typed as select * from json_to_recordset(${JSON.stringify(list)}::text::json) as r(number text, corporate text, name text, prefecture text)`
  const begun = performance.now()
  await sql`select t.*, e.number, e.name_ja, e.prefecture, e.standing, e.standing_since, e.expires_on from (
      select t.*, coalesce(n.holder, c.holder, named.holder) as found from typed t left join register_entries n on n.number = t.number
        left join lateral (select holder from register_entries where n.holder is null and t.corporate <> '' and corporate_number = t.corporate order by cycle desc limit 1) c on true
        left join lateral (select holder from register_entries where n.holder is null and c.holder is null and t.name <> '' and company_keys @> array[company_key(t.name)] and prefecture = t.prefecture limit 1) named on true) t
    left join lateral (select * from register_entries where holder = t.found order by cycle desc limit 1) e on true`
  return (performance.now() - begun) / 1000
}
