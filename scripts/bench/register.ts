import { randomInt } from 'node:crypto'
import { bigRegister, visitor, type BigRegister } from './big-register.ts'
import { growthOf } from './memory.ts'
import { byTurns, median, type Measured } from './row.ts'

const sizes = { small: 1000, large: Number(process.env.BENCH_CERTIFICATES ?? 1_000_000) }
const rounds = 5, lookups = 100

// What people ask: words of two characters that every fifth, hundredth or thousandth name has, one character, kana, Latin, filters, the next page.
const questions = ['q=山田', 'q=製作', 'q=工業', 'q=亜伊', 'q=明石亜', 'q=髙', 'q=ヤマダ', 'q=katsuragi', 'q=鋳造&prefecture=愛知県', 'standing=suspended', 'q=縫製&standing=withdrawn', 'prefecture=沖縄県&industry=food']

/** The directory and the look-up at a thousand and at a million certificates, by turns, over HTTP. */
export async function register(tell: (line: string) => void): Promise<Measured[]> {
  tell(`filling ${sizes.small} and ${sizes.large.toLocaleString('en')}`)
  const small = await bigRegister(sizes.small), large = await bigRegister(sizes.large)
  try {
    tell(`filled in ${large.seconds.toFixed(0)} s`)
    for (const one of [small, large]) await Promise.all([lookUp(one), search(one)])
    const taken = await byTurns(rounds, { lookSmall: () => lookUp(small), lookLarge: () => lookUp(large), searchSmall: () => search(small), searchLarge: () => search(large) })
    for (const question of questions) tell(`${question}: ${(await ask(small, question)).toFixed(1)} ms, ${(await ask(large, question)).toFixed(1)} ms`)
    const growth = await growthOf(large.pid, () => drain(`${large.url}/register.csv`))
    return [
      { name: `look-up by number, never read before, ${sizes.large.toLocaleString('en')} certificates`, value: taken.lookLarge, unit: 'ms', reference: { name: 'the same at 1,000', value: taken.lookSmall }, bar: 1.5, atMost: true },
      { name: `directory search, ${questions.length} questions (two-character words, one character, kana, Latin, filters), ${sizes.large.toLocaleString('en')} certificates`, value: taken.searchLarge, unit: 'ms', reference: { name: 'the same at 1,000', value: taken.searchSmall }, bar: 3, atMost: true },
      { name: `seeding ${sizes.large.toLocaleString('en')} certificates by COPY, indexes included`, value: large.seconds, unit: 's', reference: null, bar: null },
      { name: 'memory of the server while the whole register streams as CSV', value: growth, unit: 'MiB', reference: { name: 'limit', value: 64 }, bar: 1, atMost: true },
    ]
  } finally {
    await small.close()
    await large.close()
  }
}

async function timed(url: string): Promise<number> {
  const begun = performance.now()
  const reply = await fetch(url, { headers: visitor() })
  await reply.arrayBuffer()
  if (!reply.ok) throw new Error(`${url}: ${reply.status}`)
  return performance.now() - begun
}

const read = new Set<string>()
async function lookUp({ url, at, count }: BigRegister): Promise<number> {
  const times: number[] = []
  while (times.length < lookups) {
    const nth = randomInt(count)
    if (read.has(`${url} ${nth}`)) continue // at a thousand every second one would come from memory otherwise
    read.add(`${url} ${nth}`)
    times.push(await timed(`${url}/c/${at(nth).number}`))
  }
  return median(times)
}

const ask = async ({ url }: BigRegister, question: string) => median([await timed(`${url}/register?${encodeURI(question)}`), await timed(`${url}/register?${encodeURI(question)}`), await timed(`${url}/register?${encodeURI(question)}`)])

async function search(one: BigRegister): Promise<number> {
  let sum = 0
  for (const question of questions) sum += await ask(one, question)
  return sum / questions.length
}

async function drain(url: string) {
  const reply = await fetch(url, { headers: { 'accept-encoding': 'identity' } })
  let bytes = 0
  for await (const chunk of reply.body ?? []) bytes += (chunk as Uint8Array).length
  if (bytes < 1_000_000) throw new Error(`only ${bytes} bytes came`)
}
