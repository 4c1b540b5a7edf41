// What the columns of a buyer's list are called in the world, and which of ours each is. Nobody has to rename a column for us.
export const listFields = ['number', 'corporateNumber', 'name', 'prefecture', 'country', 'tier', 'group'] as const
export type ListField = (typeof listFields)[number]

const called: Record<ListField, RegExp> = {
  number: /^(証書|認証|登録|certificate|cert)?(の| )?(番号|no\.?|number|id|証書番号|認証番号)$|^(証書|認証書|certificate)$/,
  corporateNumber: /^(法人番号|法人no\.?|corporate ?number|corporatenumber|corporate ?id|houjin ?bangou|インボイス(登録)?番号|登録番号（インボイス）)$/,
  name: /^(会社|企業|取引先|仕入先|サプライヤー?|supplier|company|vendor)?(の| )?(名|名称|名前|社名|商号|name)$|^(会社|企業|取引先|仕入先|サプライヤー?|supplier|company|vendor|社名|正式名称)$/,
  prefecture: /^(都道府県|所在地|住所|本社所在地|本店所在地|県|prefecture|address|location|state)$/,
  country: /^(国|国名|国コード|country)$/,
  tier: /^(階層|段階|tier|ティア|次数|層)$/,
  group: /^(区分|グループ|分類|部門|カテゴリー?|group|category|segment)$/,
}

const folded = (cell: string) => cell.normalize('NFKC').toLowerCase().replace(/^[\s"']+|[\s"':]+$/g, '').replace(/\s+/g, ' ')

// A column of running numbers is in every sheet, and our own exports begin with one: it is a certificate number only where no other column is.
const running = /^(no\.?|番号|id|number|#|連番|通し番号|行)$/

export const fieldCalled = (cell: string): ListField | null => listFields.find(field => called[field].test(folded(cell).replace(/[(（].*[)）]$/, ''))) ?? null

/** `fields` of one line: in a list without a header every line may be of another kind. */
export type Columns = { fields: (cells: readonly string[]) => (ListField | null)[]; hasHeader: boolean }
export type ColumnsRefusal = { refused: 'list_columns_missing' | 'list_columns_twice'; columns: string[] }

/** Which column is which, from the first lines: by a header that we understand, else by what the cells look like. At least a number, a corporate number or a name must be there. */
export function columnsOf(lines: readonly (readonly string[])[], looksLike: (cell: string) => ListField | null): Columns | ColumnsRefusal {
  const header = lines[0] ?? []
  const fields = withoutRunning(header, lines.slice(1), looksLike)
  const twice = header.filter((_, nth) => fields[nth] !== null && fields.indexOf(fields[nth] ?? null) !== nth)
  if (fields.some(Boolean)) {
    if (twice.length > 0) return { refused: 'list_columns_twice', columns: twice }
    return fields.some(field => field === 'number' || field === 'corporateNumber' || field === 'name') ? { fields: () => fields, hasHeader: true } : { refused: 'list_columns_missing', columns: [...header] }
  }
  const guessed = guess(lines, looksLike)
  const oneALine = lines.every(line => line.filter(Boolean).length <= 1 && line.filter(Boolean).every(cell => looksLike(cell)))
  return guessed.some(Boolean) || oneALine ? { fields: cells => byLine(cells, guessed, looksLike), hasHeader: false } : { refused: 'list_columns_missing', columns: [...header].slice(0, 12) }
}

// Beside a column that says what it is, "No." only counts the rows, unless certificate numbers stand in it.
function withoutRunning(header: readonly string[], lines: readonly (readonly string[])[], looksLike: (cell: string) => ListField | null): (ListField | null)[] {
  const fields = header.map(fieldCalled)
  const counts = header.map((cell, nth) => running.test(folded(cell)) && !lines.some(line => looksLike(line[nth] ?? '') === 'number'))
  const says = fields.some((field, nth) => !counts[nth] && (field === 'number' || field === 'corporateNumber' || field === 'name'))
  return says ? fields.map((field, nth) => (counts[nth] ? null : field)) : fields
}

// Numbers say what they are wherever they stand; other cells are what their column is.
function byLine(cells: readonly string[], guessed: readonly (ListField | null)[], looksLike: (cell: string) => ListField | null): (ListField | null)[] {
  const seen = cells.map(cell => looksLike(cell))
  const fields = cells.map((_, nth) => (seen[nth] === 'number' || seen[nth] === 'corporateNumber' ? seen[nth] : guessed[nth] ?? (guessed.some(Boolean) ? null : seen[nth] ?? null)) ?? null)
  return fields.map((field, nth) => (fields.indexOf(field) === nth ? field : null))
}

// Without a header the first filled lines speak; the first column of plain text is the name.
function guess(lines: readonly (readonly string[])[], looksLike: (cell: string) => ListField | null): (ListField | null)[] {
  const width = Math.max(0, ...lines.map(line => line.length))
  const guessed: (ListField | null)[] = []
  for (let column = 0; column < width; column += 1) {
    const seen = lines.map(line => line[column] ?? '').filter(Boolean).map(looksLike)
    const field = listFields.find(name => seen.filter(one => one === name).length * 2 > seen.length) ?? null
    guessed.push(field && !guessed.includes(field) ? field : null)
  }
  return guessed
}
