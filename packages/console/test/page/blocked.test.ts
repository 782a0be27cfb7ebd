import { describe, expect, it } from 'vitest'
import { blockedFactsOf } from '../../page/blocked/blocked-facts.js'
import { branchesOf, heaviestPlace } from '../../page/blocked/stack-branches.js'

type Node = { readonly name: string; readonly samples: number; readonly children: Node[] }

function node(name: string, samples: number, ...children: Node[]): Node & Record<string, unknown> {
  return {
    name,
    file: `/srv/app/${name}.js`,
    line: 1,
    column: 1,
    isOwn: !name.startsWith('node:'),
    samples,
    share: samples / 10,
    children,
  }
}

const report = {
  kind: 'blocked',
  title: 'GET /report blocked the event loop for 3012 millisec!',
  since: '2026-11-26T10:00:00.000Z',
  blockedMs: 3_012,
  limitMs: 1_000,
  end: 'ended',
  method: 'GET',
  route: '/report',
  url: '/report?of=all',
  requestId: 'req-1',
  inFlight: [{ endpoint: 'GET /report', requestId: 'req-1', ageMs: 3_100 }, 'cut'],
  openCalls: [],
  note: 'Native code held the event loop.',
  samples: 10,
  tree: [
    node('handler', 10, node('parse', 8, node('match', 8, node('node:x', 8))), node('sum', 2)),
  ],
  stack: ['    at match (/srv/app/match.js:1:1)'],
  suppressed: 0,
}

describe('the report of a blocked event loop', () => {
  it('says whose code ran, for how long, and who waited', () => {
    expect(blockedFactsOf(report)).toMatchObject({
      blockedMs: 3_012,
      endpoint: 'GET /report',
      isProcessEnded: false,
      note: 'Native code held the event loop.',
      since: Date.parse('2026-11-26T10:00:00.000Z'),
      inFlight: [{ endpoint: 'GET /report', requestId: 'req-1', ageMs: 3_100 }],
    })
    expect(blockedFactsOf({ ...report, end: 'process-ended' })?.isProcessEnded).toBe(true)
  })

  it('may know of no request, and may have been cut', () => {
    const cut = { blockedMs: 5, since: 'no time', tree: ['x', null, {}], method: null, route: null }
    expect(blockedFactsOf(cut)).toMatchObject({
      endpoint: undefined,
      since: undefined,
      tree: [{ name: '(anonymous)', share: 0, children: [] }],
      stack: [],
    })
    for (const other of [null, [], 'blocked', {}, { blockedMs: 'long' }])
      expect(blockedFactsOf(other)).toBeUndefined()
  })

  it('is read to a bounded number of frames and depth, whatever is stored', () => {
    let deep = node('end', 1)
    for (let depth = 0; depth < 5_000; depth++) deep = node(`f${depth}`, 1, deep)
    const wide = Array.from({ length: 5_000 }, (_, index) => node(`w${index}`, 1))
    const frames = (tree: unknown): number => {
      const all = [...(blockedFactsOf({ blockedMs: 1, tree })?.tree ?? [])]
      for (const each of all) all.push(...each.children)
      return all.length
    }
    expect(frames([deep])).toBe(200)
    expect(frames(wide)).toBe(1_000)
  })
})

describe('the stack of a blocked event loop', () => {
  it('is the same from a list with depths as from a nested one', () => {
    const { children, ...handler } = report.tree[0] ?? node('none', 0)
    const row = (depth: number, { children: _, ...each }: Node) => ({ ...each, depth })
    const [parse, sum] = children as [Node, Node]
    const [match] = parse.children as [Node]
    const [innermost] = match.children as [Node]
    const tree = [
      ...[{ ...handler, depth: 0 }, row(1, parse), row(2, match), row(3, innermost), row(1, sum)],
    ]
    expect(blockedFactsOf({ ...report, tree })?.tree).toEqual(blockedFactsOf(report)?.tree)
  })

  it('that was cut, or has depths that cannot be, still has all frames that are left', () => {
    const tree = [
      ...[
        { name: 'a', depth: 0 },
        '[truncated]',
        { name: 'c', depth: 7 },
        { name: 'x', depth: -1 },
      ],
      ...[
        { name: 'd', depth: 1 },
        { name: 'y', depth: 1e9 },
        { name: 'z', depth: 0.5 },
      ],
    ]
    expect(blockedFactsOf({ ...report, tree })?.tree).toMatchObject([
      { name: 'a', children: [{ name: 'c' }, { name: 'd' }] },
    ])
  })

  const branches = branchesOf(blockedFactsOf(report)?.tree ?? [])

  it('is as deep as it has forks: frames that called only one other are one branch', () => {
    const [handler] = branches
    expect(handler?.frames.map(({ name }) => name)).toEqual(['handler'])
    expect(handler?.branches.map(({ frames }) => frames.map(({ name }) => name))).toEqual([
      ['parse', 'match', 'node:x'],
      ['sum'],
    ])
  })

  it('has one path that most samples have taken, and its innermost own frame', () => {
    expect(branches[0]?.isHeaviest).toBe(true)
    expect(branches[0]?.branches.map(({ isHeaviest }) => isHeaviest)).toEqual([true, false])
    expect(heaviestPlace(branches)?.name).toBe('match')
    expect(heaviestPlace([])).toBeUndefined()
  })

  it('forks where a frame was the innermost of some samples', () => {
    const tree = blockedFactsOf({ ...report, tree: [node('a', 10, node('b', 6))] })?.tree ?? []
    expect(branchesOf(tree)[0]?.branches[0]?.frames[0].name).toBe('b')
  })
})
