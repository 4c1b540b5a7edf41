import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { unlessUnchanged } from '../certificates/unchanged.ts'
import { japanDate } from '../domain/calendar.ts'
import { Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import { writeKey } from '../proof/note.ts'
import type { World } from '../world.ts'
import { dossierLines } from './dossiers.ts'
import { findFile } from './files.ts'
import { latestCheckpoint } from './latest.ts'
import { logKeyOf } from './publish.ts'
import { registerLines } from './register.ts'
import { latestStamped } from './stamp.ts'

// For mirrors, witnesses and checkers (C2SP tlog-tiles). A mirror of a million lines asks for 8,000 files: the ceiling is against floods only.
const open = (max: number) => ({ may: 'anyone', shared: true, rateLimit: { max, timeWindow: '1 minute' } }) as const
const BySize = z.object({ size: z.string().regex(/^\d{1,15}(\.tsr)?$/) })
const ByTile = z.object({ '*': z.string().regex(/^(?:\d|entries)(?:\/x\d{3}){0,4}\/\d{3}(?:\.p\/\d{1,3})?$/) })
const forEver = 'public, max-age=31536000, immutable'

/** The transparency log, for everybody to take away and check. */
export function logRoutes(app: App, world: World) {
  const { database: { db }, documents: store, now } = world

  app.get('/log/key', { config: { ...open(600), operation: 'log.key' }, onSend: unlessUnchanged }, (_, reply) => text(reply, 'public, max-age=3600').send(`${writeKey(logKeyOf(world))}\n`))

  app.get('/log/checkpoint', { config: { ...open(600), operation: 'log.checkpoint' }, onSend: unlessUnchanged }, async (_, reply) => {
    const latest = await latestCheckpoint(db)
    if (!latest) throw new Refused({ refused: 'not_found' })
    return text(reply, 'public, max-age=5').send(latest.note)
  })

  app.get('/log/checkpoint/stamped', { config: { ...open(600), operation: 'log.stamped_checkpoint' } }, async (_, reply) => {
    const stamped = await latestStamped(db)
    return stored(reply.type('text/plain; charset=utf-8'), `checkpoint/${stamped?.size}`, 'public, max-age=60')
  })

  // Kept ones, and the outside clock's token over a note: SIZE.tsr.
  app.get('/log/checkpoint/:size', { config: { ...open(600), operation: 'log.old_checkpoint' }, schema: { params: BySize } }, async (request, reply) => {
    const { size } = request.params
    return stored(reply.type(size.endsWith('.tsr') ? 'application/timestamp-reply' : 'text/plain; charset=utf-8'), `checkpoint/${size}`)
  })

  app.get('/log/tile/*', { config: { ...open(6000), operation: 'log.tile' }, schema: { params: ByTile } }, async (request, reply) =>
    stored(reply.type('application/octet-stream'), `tile/${request.params['*']}`))

  app.get('/log/register.ndjson', { config: { ...open(60), operation: 'log.register' } }, async (_, reply) =>
    reply.type('application/x-ndjson').header('cache-control', 'public, max-age=30').send(Readable.from(registerLines(db, japanDate(now())))))

  // Hashed again from the rows at each asking: for those who check the whole log, now and then.
  app.get('/log/dossiers.ndjson', { config: { ...open(60), operation: 'log.dossiers' } }, async (_, reply) =>
    reply.type('application/x-ndjson').header('cache-control', 'public, max-age=30').send(Readable.from(dossierLines(db))))

  /** Whatever has a path below /log/ never changes: a tile that grows gets another one. */
  async function stored(reply: FastifyReply, path: string, cache = forEver) {
    const file = await findFile(world, path)
    if (!file) throw new Refused({ refused: 'not_found' })
    return reply.headers({ 'cache-control': cache, 'content-length': file.size }).send(await store.get(file.documentKey))
  }
}

const text = (reply: FastifyReply, cache: string) => reply.headers({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': cache })
