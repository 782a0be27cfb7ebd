import type { BlockedReport, StackNode } from './blocked-report.js'

/** A node of the tree without its children: they are the nodes right behind it that are deeper by one. */
export type FlatNode = Omit<StackNode, 'children'> & {
  /** 0 for an outermost frame. */
  readonly depth: number
}

/** A report as it is kept. */
export type KeptBlockedReport = Omit<BlockedReport, 'tree'> & { readonly tree: FlatNode[] }

/**
 * The report with its tree as a list, outermost frames first. The data of an error report is cut at 16 levels of objects and lists, and a
 * nested tree has two for each frame: the innermost frames, which say what held the loop, would be lost.
 */
export function keptReportOf(report: BlockedReport): KeptBlockedReport {
  return { ...report, tree: flat(report.tree, 0) }
}

function flat(nodes: readonly StackNode[], depth: number): FlatNode[] {
  return nodes.flatMap(({ children, ...node }) => [
    { ...node, depth },
    ...flat(children, depth + 1),
  ])
}
