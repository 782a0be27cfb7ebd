import { createRedactor } from '@fastify-scs/core'
import { expect, it } from 'vitest'
import type { BlockedReport, StackNode } from '../../src/blocked/blocked-report.js'
import { redactedReport } from '../../src/blocked/redact-report.js'
import { stackTree } from '../../src/blocked/stack-tree.js'
import { frame, sample } from './samples.js'

/** A tree as lines: name, line, samples. */
function shown(nodes: readonly StackNode[], depth = 0): readonly string[] {
  return nodes.flatMap((node) => [
    `${'  '.repeat(depth)}${node.name}:${node.line} ${node.samples} ${node.share}`,
    ...shown(node.children, depth + 1),
  ])
}

it('samples are one tree from the outermost frame of the application on, with the share of each frame', () => {
  const tree = stackTree(
    [
      sample(['node:fs.read:3', 'load:9', 'handler:5', 'pkg/run:4', 'node:http.emit:1']),
      sample(['parse:7', 'load:9', 'handler:5', 'pkg/run:4', 'node:http.emit:1']),
      sample(['parse:7', 'load:9', 'handler:5', 'pkg/run:4', 'node:http.emit:1']),
      sample(['handler:6', 'pkg/run:4', 'node:http.emit:1']),
    ],
    [],
  )
  expect(shown(tree)).toEqual([
    'handler:5 3 0.75',
    '  load:9 3 0.75',
    // The application's own stands before what it shares its place with.
    '    parse:7 2 0.5',
    '    read:3 1 0.25',
    'handler:6 1 0.25',
  ])
  expect(tree[0]).toMatchObject({ file: '/srv/app.js', isOwn: true })
})

it('an own frame stands before another one that more samples have', () => {
  const tree = stackTree(
    [sample(['pkg/run:4', 'work:1']), sample(['pkg/run:4', 'work:1']), sample(['own:2', 'work:1'])],
    [],
  )
  expect(tree[0]?.children.map(({ name }) => name)).toEqual(['own', 'run'])
})

it('a stack without a frame of the application is kept whole', () => {
  const tree = stackTree([sample(['node:fs.read:3', 'pkg/run:4'])], [])
  expect(shown(tree)).toEqual(['run:4 1 1', '  read:3 1 1'])
  expect(tree[0]?.isOwn).toBe(false)
})

it('the frames of folders that are named are not the application', () => {
  expect(stackTree([sample(['work:1'])], ['file:///srv/'])[0]?.isOwn).toBe(false)
})

it('a tree has at most 200 frames, 40 one below the other', () => {
  const deep = Array.from({ length: 64 }, (_, line) => `f:${line}`)
  const depthOf = (nodes: readonly StackNode[]): number =>
    nodes.length === 0 ? 0 : 1 + Math.max(...nodes.map(({ children }) => depthOf(children)))
  expect(depthOf(stackTree([sample(deep)], []))).toBe(40)
  const wide = Array.from({ length: 300 }, (_, line) => sample([`f:${line}`]))
  expect(stackTree(wide, [])).toHaveLength(200)
})

it('names in a tree are redacted, also the innermost of a deep one', () => {
  const deep = Array.from({ length: 40 }, (_, line) => `f:${line}`)
  const frames = [{ ...frame('f:1'), name: 'password=hunter2' }, ...deep.slice(1).map(frame)]
  const tree = stackTree([{ ...sample([]), frames }], [])
  const stack = ['    at password=hunter2 (file:///srv/app.js:1:1)']
  const report = redactedReport({ tree, stack } as unknown as BlockedReport, createRedactor())
  expect(JSON.stringify(report)).not.toContain('hunter2')
  expect(shown(report.tree)).toHaveLength(40)
})
