import { setImmediate as pause } from 'node:timers/promises'
import { figure } from '../sheets/figure.ts'
import type { Jpeg } from '../sheets/jpeg.ts'
import { heading, paragraph, styles } from '../sheets/sheet.ts'
import type { Drawing } from './draw.ts'
import { obstacles, type Obstacle } from './pictures.ts'
import type { Picture } from './photos.ts'

const most_pictures = 40

/** C34: photos that nobody can be recognised on, or whose people agreed; how many others there are, and why they are not here. */
export async function drawPhotos(drawing: Drawing): Promise<void> {
  const { sheet, report: { photos: { taken, agreed } }, say, read } = drawing
  heading(sheet, 'H2', say('photos'))
  const shown: { picture: Picture; jpeg: Jpeg }[] = [], kept = new Map<Obstacle, number>()
  for (const picture of agreed.slice(0, most_pictures)) {
    const found = await read(picture)
    if (typeof found === 'string') kept.set(found, (kept.get(found) ?? 0) + 1)
    else shown.push({ picture, jpeg: found })
  }
  const counts: [string, number][] = [['photos_shown', shown.length], ['photos_without_consent', taken - agreed.length], ...obstacles.map((each): [string, number] => [`photos_${each}`, kept.get(each) ?? 0]), ['photos_too_many', agreed.length - Math.min(agreed.length, most_pictures)]]
  for (const words of taken === 0 ? [say('photos_none')] : [say('photos_taken', { count: taken }), ...counts.filter(([, count]) => count > 0).map(([key, count]) => say(key, { count }))]) paragraph(sheet, words, styles.text, { after: 1 })
  for (const [nth, { picture, jpeg }] of shown.entries()) {
    drawPhoto(drawing, picture, jpeg, nth + 1)
    await pause()
  }
}

function drawPhoto({ sheet, report: { edition, titles }, say, own, typed }: Drawing, { criterion, note }: Picture, jpeg: Jpeg, nth: number): void {
  const title = titles.get(criterion), of = title ? `${criterion} ${own(title.titleJa, title.titleEn)}` : criterion, words = edition === 'inside' ? note : ''
  heading(sheet, 'H3', `${say('photo_n', { nth })} · ${of}`)
  figure(sheet, jpeg, say('photo_alt', { criterion: of }), { below: words ? 2 * styles.text.leading : 0 })
  paragraph(sheet, words, styles.text, { lang: typed })
}
