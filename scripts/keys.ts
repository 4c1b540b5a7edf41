import { parseArgs } from 'node:util'

// npm run keys -- list | rotate seal|credential|log | compromise KEYID --since ISO [--reissue]
// Against the configured database and key directory, also beside a running server. server/keys/README.md says what to do when.
const usage = 'usage: npm run keys -- list | rotate seal|credential|log | compromise KEYID --since 2027-01-31T09:00:00+09:00 [--reissue]'
const purposes = ['seal', 'credential', 'log'] as const
type Work = (commands: typeof import('./keys/commands.ts'), place: Awaited<ReturnType<typeof import('./keys/place.ts').openPlace>>) => Promise<void>

const work = asked()
if (work) await onPlace(work)
else {
  console.error(usage)
  process.exitCode = 2
}

async function onPlace(work: Work) {
  const [commands, { openPlace }] = await Promise.all([import('./keys/commands.ts'), import('./keys/place.ts')])
  try {
    const place = await openPlace(process.env)
    await work(commands, place).finally(() => place.close())
  } catch (error) {
    console.error(`keys: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}

function asked(): Work | undefined {
  const { values: { since, reissue = false }, words: [command, subject] } = read()
  const purpose = purposes.find(known => known === subject)
  const moment = new Date(since ?? '')
  if (command === 'list') return ({ list }, place) => list(place)
  if (command === 'rotate' && purpose) return ({ next }, place) => next(place, purpose)
  if (command === 'compromise' && subject && !Number.isNaN(moment.getTime())) return ({ compromise }, place) => compromise(place, subject, { moment, reissue })
  return undefined
}

// A key's name is taken as it is: it is base64url, and one in 64 begins with the sign of an option.
function read(): { values: { since?: string | undefined; reissue?: boolean | undefined }; words: (string | undefined)[] } {
  const [command, subject, ...args] = process.argv.slice(2)
  if (command !== 'compromise' && subject?.startsWith('--')) return { values: {}, words: [] }
  try {
    return { ...parseArgs({ args, options: { since: { type: 'string' }, reissue: { type: 'boolean' } } }), words: [command, subject] }
  } catch {
    return { values: {}, words: [] } // an option that we do not have
  }
}
