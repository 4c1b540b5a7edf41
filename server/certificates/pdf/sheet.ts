import { ink, softInk, vermilion } from './ink.ts'
import { paper, type Type } from './pen.ts'

// The sheet's grid: points from the top left. Every section keeps inside its own band, so nothing can run into anything.
export const left = 62
export const right = paper.width - left
export const width = right - left
export const centre = paper.width / 2

export const bands = {
  header: { top: 50, bottom: 74 },
  title: { top: 92, bottom: 158 },
  holder: { top: 172, bottom: 262 },
  statement: { top: 272, bottom: 336 },
  columns: { top: 350, bottom: 604 },
  dates: { top: 617, bottom: 657 },
  foot: { top: 674, bottom: 795 },
} as const

export const sealPlace = { x: right - 46, y: bands.foot.top + 50, radius: 46 } // its centre, from the top

export const type = {
  title: { face: 'serifBold', size: 38, colour: ink, spacing: 16 },
  titleEnglish: { face: 'serif', size: 11.5, colour: softInk, spacing: 2.6 },
  holder: { face: 'serifBold', size: 27, colour: ink, spacing: 0.5 },
  holderLatin: { face: 'serif', size: 14, colour: ink },
  serif: { face: 'serif', size: 10, colour: ink },
  serifSmall: { face: 'serif', size: 7.6, colour: softInk },
  name: { face: 'serifBold', size: 10.5, colour: ink },
  heading: { face: 'serifBold', size: 9.5, colour: vermilion, spacing: 0.6 },
  headingEnglish: { face: 'serif', size: 7, colour: vermilion, spacing: 0.4 },
  label: { face: 'sansBold', size: 6.4, colour: softInk },
  text: { face: 'sans', size: 7.6, colour: ink },
  english: { face: 'sans', size: 6.2, colour: softInk },
  emphasis: { face: 'sansBold', size: 7.6, colour: ink },
} as const satisfies Record<string, Type>
