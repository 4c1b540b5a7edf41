import type { Typefaces } from './fonts.ts'
import { ground } from './ground.ts'
import type { Operator } from './path.ts'
import { paper, type Graphic } from './pen.ts'
import { mark, seal } from './seal-graphic.ts'
import { bands, left, sealPlace } from './sheet.ts'

/** What is the same on every certificate, drawn where it stands on the sheet. */
export const graphicsOf = ({ serifBold: { font } }: Typefaces, sample: boolean): Record<Graphic, Operator[]> => ({
  ground: ground(font, sample),
  mark: mark(font, { x: left + 10, y: paper.height - bands.header.top - 10, half: 10 }),
  seal: seal(font, { ...sealPlace, y: paper.height - sealPlace.y }),
})
