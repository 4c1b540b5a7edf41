import { Kept } from '../../schema/evidence-shapes.ts'
import { ById } from '../../schema/shared.ts'
import { PhotoForm } from '../../schema/visit-shapes.ts'
import { keepDocument } from '../documents/keep.ts'
import { isRefusal } from '../domain/refusal.ts'
import { seeOther } from '../http/negotiation.ts'
import { orRefuse } from '../http/problems.ts'
import type { App, Form } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import type { World } from '../world.ts'
import { openForNotes, writeNote } from './notes.ts'
import { keepConsent } from './photo-consents.ts'

const images: readonly string[] = ['image/jpeg', 'image/png', 'image/heic', 'image/webp']

/** A photo never stands alone: the note that it belongs to comes in the same form, before the file. */
export function photoRoutes(app: App, world: World, form: Form) {
  app.post('/applications/:id/visit/notes/photos', { config: { may: ['assessor'], operation: 'visits.photo', form }, schema: { params: ById, response: { 201: Kept } } }, async (request, reply) => {
    const { params: { id } } = request
    const viewer = signedIn(request)
    const kept = orRefuse(await keepDocument(world, request, {
      personId: viewer.personId,
      only: ({ type }) => images.includes(type),
      async mayAdd(at, lock) {
        const theCase = await openForNotes(at, id, viewer, lock)
        return isRefusal(theCase) ? theCase : { employerId: theCase.employerId, applicationId: id, purpose: 'photo' }
      },
      async link(tx, documentId, _owner, fields) {
        const note = PhotoForm.safeParse(fields)
        const theCase = await openForNotes(tx, id, viewer, true)
        if (isRefusal(theCase)) return theCase
        if (!note.success) return { refused: 'needs', missing: ['note_with_photo'] }
        const written = await writeNote(tx, theCase, { ...note.data, viewer, now: world.now(), requestId: request.id, photoId: documentId })
        if (isRefusal(written)) return written
        await keepConsent(tx, theCase.id, documentId, note.data.consent, { personId: viewer.personId, now: world.now() })
        return null
      },
    }))
    return seeOther(request, reply, `/applications/${id}/visit/notes`, kept, { flash: 'visits.noted' })
  })
}
