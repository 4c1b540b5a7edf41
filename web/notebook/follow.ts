import { itemKinds, type ItemKind } from '../../server/domain/notebook.ts'
import { kinds } from './content.ts'
import { stopRecording } from './forms/voice.ts'
import { openForm } from './open-form.ts'
import { draw, route, state } from './state.ts'

const isKind = (name: string | undefined): name is ItemKind => itemKinds.some(kind => kind === name)

/** The address changed: opens what it names. #/new/AUDIT/KIND/CRITERION/PLACE, #/correct/AUDIT/ITEM */
export async function follow() {
  stopRecording()
  const { screen, audit, parts: [first = '', criterion = '', place = ''] } = route()
  state.form = null
  if (screen !== 'criterion' && screen !== 'audit') state.said = null
  state.conflict = null
  if (state.notebook && state.audits.has(audit)) {
    if (screen === 'new' && isKind(first)) await openForm({ audit, kind: first, criterion, place })
    if (screen === 'correct') await openCorrection(audit, first)
  }
  draw()
  scrollTo(0, 0)
  document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true })
}

async function openCorrection(audit: string, hash: string) {
  const version = state.audits.get(audit)?.versions.get(hash)?.version
  if (version) await openForm({ audit, kind: version.kind, criterion: version.criterion, place: version.place, item: version.item, over: [hash], fields: kinds[version.kind].fields(version.content) })
}
