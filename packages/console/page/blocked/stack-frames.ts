import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../records/fields.js'

/** A frame of the stack of a blocked event loop, with those that it called. */
export interface StackFrame {
  readonly name: string
  readonly file: string
  readonly line: number | undefined
  readonly column: number | undefined
  /** Whether it lies in the application: not in a package and not in Node.js. */
  readonly isOwn: boolean
  readonly samples: number
  /** Of all samples, 0 to 1. */
  readonly share: number
  readonly children: readonly StackFrame[]
}

/** Frames that are read, at most, and how deep: a page must show whatever is stored. */
const MOST_FRAMES = 1_000
const DEEPEST = 200

/**
 * Reads the stacks of all samples, put together. They are kept as a list in which each frame says how deep it is and stands before those that it
 * called; a report that no error reporter has cut may have them nested.
 */
export function readTree(tree: unknown): readonly StackFrame[] {
  const roots: StackFrame[] = []
  // The frames from an outermost one to the last that was read.
  const path: StackFrame[][] = [roots]
  for (const { node, depth } of rowsOf(tree)) {
    const children: StackFrame[] = []
    // What lies deeper than the frame before it calls was cut off: it stands where it can.
    const at = Math.min(depth, path.length - 1)
    path[at]?.push(frameOf(node, children))
    path.length = at + 1
    path.push(children)
  }
  return roots
}

interface Row {
  readonly node: Fields
  readonly depth: number
}

function rowsOf(tree: unknown): readonly Row[] {
  const rows: Row[] = []
  const add = (list: unknown, level: number): void => {
    for (const each of listOf(list)) {
      const node = fieldsOf(each)
      const depth = numberOf(node?.depth) ?? level
      const isPlaced = Number.isInteger(depth) && depth >= 0 && depth < DEEPEST
      if (node === undefined || rows.length >= MOST_FRAMES || !isPlaced) continue
      rows.push({ node, depth })
      add(node.children, depth + 1)
    }
  }
  add(tree, 0)
  return rows
}

function frameOf(node: Fields, children: readonly StackFrame[]): StackFrame {
  return {
    name: textOf(node.name) ?? '(anonymous)',
    file: textOf(node.file) ?? '',
    line: numberOf(node.line),
    column: numberOf(node.column),
    isOwn: node.isOwn === true,
    samples: numberOf(node.samples) ?? 0,
    share: Math.min(1, Math.max(0, numberOf(node.share) ?? 0)),
    children,
  }
}
