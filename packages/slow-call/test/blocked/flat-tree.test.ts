import { toJsonValue } from '@fastify-scs/core/kit'
import { expect, it } from 'vitest'
import type { BlockedReport, StackNode } from '../../src/blocked/blocked-report.js'
import { keptReportOf } from '../../src/blocked/flat-tree.js'

function node(name: string, children: StackNode[] = []): StackNode {
  const at = { file: '/srv/app.js', line: 1, column: 1, isOwn: true }
  return { name, ...at, samples: 4, share: 1, children }
}

const report: BlockedReport = {
  kind: 'blocked',
  title: 'GET /report blocked the event loop for 3012 millisec!',
  since: '2026-11-26T10:00:00.000Z',
  blockedMs: 3_012,
  limitMs: 1_000,
  end: 'ended',
  method: 'GET',
  route: '/report',
  url: '/report',
  requestId: 'req-1',
  inFlight: [],
  openCalls: [],
  samples: 4,
  tree: [node('handler', [node('parse', [node('match')]), node('sum')]), node('timer')],
  stack: [],
  suppressed: 0,
}

it('the tree of a report that is kept is a list in which each frame stands before those that it called', () => {
  const { tree, ...rest } = keptReportOf(report)
  expect(tree.map(({ name, depth }) => [name, depth])).toEqual([
    ['handler', 0],
    ['parse', 1],
    ['match', 2],
    ['sum', 1],
    ['timer', 0],
  ])
  expect(tree[0]).not.toHaveProperty('children')
  const { tree: _, ...others } = report
  expect(rest).toEqual(others)
})

it('the innermost frame of a deep stack outlives the cut of an error report', () => {
  const deep = Array.from({ length: 40 }, (_, depth) => `f${depth}`)
    .reverse()
    .reduce<StackNode[]>((children, name) => [node(name, children)], [])
  const limits = { maxDepth: 16, maxNodes: 2_000, maxStringBytes: 65_536, maxTotalBytes: 65_536 }
  const asError = (data: object) => JSON.stringify(toJsonValue(data as never, limits))
  expect(asError({ ...report, tree: deep })).not.toContain('f39')
  expect(asError(keptReportOf({ ...report, tree: deep }))).toContain('f39')
})
