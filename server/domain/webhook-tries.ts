export const deliveryStates = ['waiting', 'sending', 'delivered', 'given_up'] as const

// Seconds until the next try after so many: soon at first, since most receivers are only restarting; then with patience for two days.
const waits = [5, 60, 300, 1800, 7200, 28_800, 86_400] as const

/** When to try again after `tries` failed ones, or null: given up. A little chance keeps a thousand from coming back at one moment. */
export function nextTry(tries: number, now: Date, chance: number): Date | null {
  const seconds = waits[tries - 1]
  return seconds === undefined ? null : new Date(now.getTime() + seconds * 1000 * (1 + 0.2 * chance))
}

/** An endpoint that has failed for so long is stopped, and its buyer told. */
export const failing_days = 5
