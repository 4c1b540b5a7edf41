import { cpus, totalmem } from 'node:os'

/** `reference`: what the value is compared with, in the same unit. `bar`: the ratio it must reach (`atMost`: stay below). Null: reported only. */
export type Measured = { name: string; value: number; unit: string; reference: { name: string; value: number } | null; bar: number | null; atMost?: boolean }
export type Row = { name: string; value: number; unit: string; reference: string | null; ratio: number | null; bar: number | null; holds: boolean | null }

export function row({ name, value, unit, reference, bar, atMost = false }: Measured): Row {
  const ratio = reference ? value / reference.value : null
  const holds = bar === null || ratio === null ? null : atMost ? ratio <= bar : ratio >= bar
  return { name, value: rounded(value), unit, reference: reference && `${reference.name}: ${rounded(reference.value)}`, ratio: ratio === null ? null : rounded(ratio), bar, holds }
}

/** Median, so that one slow round of a shared machine does not decide. */
export const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

/** Runs both by turns, so that whatever the machine does besides falls on both. */
export async function byTurns<Names extends string>(rounds: number, work: Record<Names, () => Promise<number>>): Promise<Record<Names, number>> {
  const names = Object.keys(work) as Names[]
  const seen = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Names, number[]>
  for (let round = 0; round < rounds; round += 1) for (const name of names) seen[name].push(await work[name]())
  return Object.fromEntries(names.map(name => [name, median(seen[name])])) as Record<Names, number>
}

export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ name, value, unit, reference, ratio, bar, holds }) =>
    `| ${name} | ${value} ${unit} | ${reference ?? ''} | ${ratio ?? ''} | ${bar ?? 'reported'} | ${holds === null ? '' : holds ? 'holds' : 'FAILS'} |`)
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`
  return ['| measured | value | beside | ratio | bar | |', '|---|---|---|---|---|---|', ...lines, '', `\`npm run bench\` on ${machine}; medians of 5 rounds by turns.`].join('\n')
}

const rounded = (value: number) => Number(value.toPrecision(3))
