import { orderFor, tellOfCompromise, touchedBy } from '../../server/keys/compromise.ts'
import { keysOf, type Purpose } from '../../server/keys/history.ts'
import { rotate, type Place } from '../../server/keys/rotate.ts'

const again = 'Start Akashi again (and its signer, where it runs by itself): until then it issues nothing new.'

export async function list({ db }: Place) {
  const keys = await keysOf(db)
  for (const { purpose, state, since, keyId } of keys) console.log(`${purpose.padEnd(11)}${state.padEnd(12)}${since.toISOString()}  ${keyId}`)
  if (keys.length === 0) console.log('no key has signed anything here yet')
}

export async function next(place: Place, purpose: Purpose) {
  const key = await rotate(purpose, place, new Date())
  if (key) return console.log(`the new ${purpose} key is ${key.keyId}; the one before signs nothing new\n${again}`)
  console.log(['The seal key is configured, so its owner makes the next one:', '1. Get a new key and certificate. The old certificate is not revoked.',
    '2. Set SIGNER_KEY and SIGNER_CHAIN_FILE to the new ones, keep the old files.', '3. Start Akashi again: the new key is told of in the log, the old one is retired.'].join('\n'))
}

export async function compromise(place: Place, keyId: string, { moment, reissue }: { moment: Date; reissue: boolean }) {
  const { db, dataDir } = place
  const at = new Date()
  const key = (await keysOf(db)).find(known => known.keyId === keyId)
  if (!key) throw new Error(`no key ${keyId} is known here: npm run keys -- list`)
  if (moment > at) throw new Error(`${moment.toISOString()} is yet to come`)
  await tellOfCompromise(db, key, { since: moment, at, dataDir })
  console.log(`told in the log: nothing that the ${key.purpose} key ${keyId} signed since ${moment.toISOString()} is to be believed`)
  if (key.state === 'active') await next(place, key.purpose)
  if (key.purpose === 'seal' && place.ownSeal) console.log(`Ask your certification authority to revoke the certificate with the date ${moment.toISOString()}, and put its new CRL beside the chain.`)
  const touched = await touchedBy(db, key, moment)
  console.log(`certificates that rest on it alone: ${touched.length}`)
  for (const { number, edition, sealedAt } of touched) console.log(`  ${number} edition ${edition}, sealed ${sealedAt.toISOString()}`)
  if (!reissue) return
  const order = await orderFor(db, touched, key, at)
  console.log(order ? `reissue ${order.reissueId}: ${order.certificates} certificates get a new edition, to be followed at /reissues/${order.reissueId}` : 'nothing to issue again: none of them is still in force')
}
