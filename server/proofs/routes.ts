import { z } from 'zod'
import { ByNumber } from '../../schema/certificate-shapes.ts'
import { isCalendarDate, japanDate } from '../domain/calendar.ts'
import { readNumber } from '../domain/certificate-number.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { signedProof, type Question } from './proof.ts'

const text = z.string().max(100).optional().catch('?') // what cannot be meant is refused by us, with 400
const ProofQuery = z.looseObject({ on: text, file: text, download: text })

/** The proof of a standing, which is also the receipt of a check: signed, readable, and checkable later without us (peers.md 3.3, 3.4). */
export function proofRoutes(app: App, world: World) {
  const open = { may: 'anyone', shared: true, rateLimit: { max: 600, timeWindow: '1 minute' } } as const // each is signed; decisions.md 11: a ceiling, no meter

  app.get('/c/:number/proof.json', { config: { ...open, operation: 'proofs.show' }, schema: { params: ByNumber, querystring: ProofQuery } }, async (request, reply) => {
    const read = readNumber(request.params.number)
    if ('refused' in read) throw new Refused({ refused: read.refused })
    const proof = await signedProof(world, read.number, questionOf(request.query, japanDate(world.now())))
    if (!proof) throw new Refused({ refused: 'number_unknown' })
    if (request.query.download !== undefined) void reply.header('content-disposition', contentDisposition(`${read.number}-proof.json`, 'attachment'))
    return reply.headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).send(proof)
  })
}

function questionOf({ on, file }: z.infer<typeof ProofQuery>, today: string): Question {
  if ((on !== undefined && !isCalendarDate(on)) || (file !== undefined && !/^[0-9a-f]{64}$/.test(file))) throw Object.assign(new Error('malformed question'), { statusCode: 400 })
  if (on !== undefined && on > today) throw new Refused({ refused: 'day_unusable' }) // of a day that has not come nothing can be proved
  return { on: on ?? today, file: file ?? null }
}
