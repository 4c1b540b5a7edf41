import { round, type Colour } from './path.ts'

// The colours of web/styles/tokens.css, as printed on paper white.
const hex = (value: number): Colour => [round((value >> 16) / 255), round(((value >> 8) & 0xff) / 255), round((value & 0xff) / 255)]

export const ink = hex(0x1f2328)
export const softInk = hex(0x5a5a58)
export const vermilion = hex(0xb5301f)
export const hairline = hex(0xc9c2b6)
export const faint = hex(0xf8efec) // guilloche behind the text: seen, never in the way of reading
export const sampleInk = hex(0xf4ddd7)
export const white = hex(0xffffff)
