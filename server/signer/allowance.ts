/** How many signatures may still be given: `perMinute` at once after a quiet minute, refilled evenly. `take` says whether there is one. */
export function allowance(perMinute: number, now: () => number = Date.now) {
  let left = perMinute
  let at = now()
  return {
    take(): boolean {
      const moment = now()
      left = Math.min(perMinute, left + Math.max(0, moment - at) * perMinute / 60_000)
      at = moment
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
