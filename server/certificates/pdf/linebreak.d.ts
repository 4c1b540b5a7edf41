declare module 'linebreak' {
  /** Unicode line breaking (UAX #14), which knows that 、 never begins a line. */
  export default class LineBreaker {
    constructor(text: string)
    nextBreak(): { position: number; required: boolean } | null
  }
}
