import { printableText } from '@fastify-scs/core/kit'
import stringWidth from 'string-width'
import type { Colour, Paint } from './colour.js'

/** A column of a table. */
export interface Column {
  readonly name: string
  /** It takes the room that is left, and is cut where that is too little. @default false, and it is cut only where it is very long */
  readonly isFlexible?: boolean
  /** Left out where the table is too wide; that with the highest number first. @default never */
  readonly leaveOut?: number
  /** It is never cut: somebody copies it. @default false */
  readonly isWhole?: boolean
  /** It is cut beyond so many columns of the terminal. @default 16 */
  readonly most?: number
  /** Numbers stand at the right. @default false */
  readonly isNumber?: boolean
}

/** What stands in a cell. */
export type Cell = string | { readonly text: string; readonly colour?: Colour | undefined }

/** How a table is shown. */
export interface TableLook {
  /** Columns of the terminal; Infinity where nothing is to be cut. */
  readonly width: number
  readonly paint: Paint
}

const GAP = '  '
/** A flexible column is not made narrower, in columns of the terminal; other columns are left out first. */
const LEAST = 24
/** On a narrow terminal lines are wrapped rather than a flexible column made narrower than this. */
const LEAST_OF_ALL = 8
/** A column that is not flexible is cut beyond this: services and statuses are any text. */
const MOST = 16

/** A table that is written in pieces: the first rows say how wide its columns are. */
export class Table {
  readonly #columns: readonly Column[]
  readonly #look: TableLook
  #widths: ReadonlyMap<number, number> | undefined

  constructor(columns: readonly Column[], look: TableLook) {
    this.#columns = columns
    this.#look = look
  }

  /** The lines of further rows; before the first, the names of the columns. Control characters of cells are shown as escapes. */
  lines(rows: readonly (readonly Cell[])[]): string {
    const shown = rows.map((row) => row.map(plainCell))
    if (this.#widths !== undefined) return shown.map((row) => this.#line(row)).join('')
    this.#widths = this.#layOut(shown)
    const head = this.#columns.map(({ name }) => ({ text: name, colour: 'dim' as const }))
    return [head, ...shown].map((row) => this.#line(row)).join('')
  }

  #layOut(rows: readonly (readonly PlainCell[])[]): ReadonlyMap<number, number> {
    const natural = this.#columns.map(({ name, isFlexible, isWhole, most: ownMost = MOST }, at) => {
      const widest = rows.reduce(
        (most, row) => Math.max(most, stringWidth(row[at]?.text ?? '')),
        name.length,
      )
      const isCut =
        isFlexible !== true && isWhole !== true && this.#look.width !== Number.POSITIVE_INFINITY
      return isCut ? Math.min(ownMost, widest) : widest
    })
    let kept = this.#columns.map((_column, at) => at)
    const flexible = this.#columns.findIndex(({ isFlexible }) => isFlexible)
    const least = (at: number) =>
      at === flexible ? Math.min(LEAST, natural[at] ?? 0) : (natural[at] ?? 0)
    const sum = (widthOf: (at: number) => number) =>
      kept.reduce((all, at) => all + widthOf(at), (kept.length - 1) * GAP.length)
    const leaveOut = this.#columns
      .map(({ leaveOut: rank = 0 }, at) => ({ rank, at }))
      .filter(({ rank }) => rank > 0)
      .sort((one, other) => other.rank - one.rank)
    for (const { at } of leaveOut) {
      if (sum(least) <= this.#look.width) break
      kept = kept.filter((each) => each !== at)
    }
    const rest = this.#look.width - sum((at) => (at === flexible ? 0 : (natural[at] ?? 0)))
    return new Map(
      kept.map((at) => [
        at,
        at === flexible
          ? Math.min(natural[at] ?? 0, Math.max(LEAST_OF_ALL, rest))
          : (natural[at] ?? 0),
      ]),
    )
  }

  #line(row: readonly PlainCell[]): string {
    const cells = [...(this.#widths ?? [])].map(([at, width]) => {
      const { text, colour } = row[at] ?? { text: '' }
      const { isWhole = false, isNumber = false } = this.#columns[at] ?? {}
      const cut =
        isWhole || this.#look.width === Number.POSITIVE_INFINITY ? text : cutTo(text, width)
      const gap = ' '.repeat(Math.max(0, width - stringWidth(cut)))
      const painted = this.#look.paint(colour, cut)
      return isNumber ? `${gap}${painted}` : `${painted}${gap}`
    })
    return `${cells.join(GAP).trimEnd()}\n`
  }
}

interface PlainCell {
  readonly text: string
  readonly colour?: Colour | undefined
}

function plainCell(cell: Cell): PlainCell {
  const { text, colour } = typeof cell === 'string' ? { text: cell } : cell
  return { text: printableText(text), colour }
}

/** A text in so many columns of a terminal, with an ellipsis where it is cut. */
export function cutTo(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let cut = ''
  let used = 0
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment)
    if (used > width - 1) break
    cut += segment
  }
  return `${cut}…`
}
