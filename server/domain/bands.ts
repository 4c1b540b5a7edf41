// A certificate says how many people in bands: a count of five could point at somebody.
const bands = [[1, 10], [11, 50], [51, 100], [101, 250], [251, 500], [501, 1000]] as const

/** '1–10', '11–50' … '1001+'; nobody is '0'. */
export function bandOf(people: number): string {
  if (people <= 0) return '0'
  const band = bands.find(([, most]) => people <= most)
  return band ? `${band[0]}–${band[1]}` : '1001+'
}
