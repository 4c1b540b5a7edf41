export type TextVerdict = { charset: 'utf-8' | 'shift_jis' } | 'cut' | 'not_text'

/** Whether a stream is text in UTF-8 or Shift_JIS, the two that Japanese office programs write. */
export function textWatch() {
  const utf8 = decoder('utf-8')
  const shiftJis = decoder('shift_jis')
  let hasControls = false
  return {
    see(chunk: Uint8Array) {
      hasControls ||= chunk.some(byte => isControl[byte])
      utf8.see(chunk)
      shiftJis.see(chunk)
    },
    verdict(): TextVerdict {
      if (hasControls) return 'not_text'
      const [unicode, japanese] = [utf8.end(), shiftJis.end()]
      if (unicode === 'valid') return { charset: 'utf-8' }
      if (unicode === 'cut' && utf8.sawMore()) return 'cut' // most UTF-8 would also pass for Shift_JIS, as nonsense
      if (japanese === 'valid') return { charset: 'shift_jis' }
      return unicode === 'cut' || japanese === 'cut' ? 'cut' : 'not_text'
    },
  }
}

// Tab, line ends, form feed, and the Ctrl-Z that old programs end a CSV with. Neither encoding has controls inside a character.
const mayStand = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1a])
const isControl = Array.from({ length: 256 }, (_, byte) => (byte < 0x20 || byte === 0x7f) && !mayStand.has(byte))

function decoder(encoding: string) {
  const reader = new TextDecoder(encoding, { fatal: true })
  let broken = false
  let more = false
  const read = (step: () => string): boolean => {
    try {
      const piece = step()
      more ||= /[^\x00-\x7f]/.test(piece)
      return true
    } catch { // fatal: true says "not this encoding" by throwing
      return false
    }
  }
  return {
    see(chunk: Uint8Array) { broken ||= !read(() => reader.decode(chunk, { stream: true })) },
    end(): 'valid' | 'cut' | 'broken' { return broken ? 'broken' : read(() => reader.decode()) ? 'valid' : 'cut' },
    sawMore: () => more,
  }
}
