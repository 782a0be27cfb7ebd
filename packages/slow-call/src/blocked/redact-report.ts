import type { Redactor } from '@fastify-scs/core'
import type { BlockedReport, StackNode } from './blocked-report.js'

/** A report whose names of functions and files have passed the redactor: a function may be named after a value, a folder after a token. */
export function redactedReport(report: BlockedReport, redactor: Redactor): BlockedReport {
  return {
    ...report,
    tree: redactedTree(report.tree, redactor),
    stack: report.stack.map((line) => redactor.text(line)),
  }
}

// Node by node: as one value, a deep tree would be cut.
function redactedTree(nodes: readonly StackNode[], redactor: Redactor): StackNode[] {
  return nodes.map((node) => ({
    ...node,
    name: redactor.text(node.name),
    file: redactor.text(node.file),
    children: redactedTree(node.children, redactor),
  }))
}
