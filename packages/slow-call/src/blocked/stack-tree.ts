import type { StackNode } from './blocked-report.js'
import { fileOf, isOwnFrame, nameOf } from './frames.js'
import type { Sample, SampledFrame } from './protocol.js'

/** Nodes of a tree at most. */
const MAX_NODES = 200
/** Frames from the outermost to the innermost at most. */
const MAX_DEPTH = 40

type OpenNode = { -readonly [Field in keyof StackNode]: StackNode[Field] } & {
  children: OpenNode[]
}

/**
 * Puts the stacks together, outermost frame first: from the first frame of the application on, or whole where it has none. A frame that
 * several samples have in the same place, with the same frames around it, is one node.
 */
export function stackTree(samples: readonly Sample[], notOwn: readonly string[]): StackNode[] {
  const roots: OpenNode[] = []
  let nodes = 0
  for (const { frames } of samples) {
    let siblings = roots
    for (const frame of fromOwn(frames, notOwn)) {
      let node = siblings.find((each) => isAt(each, frame))
      if (node === undefined) {
        if (nodes++ >= MAX_NODES) break
        node = nodeOf(frame, notOwn)
        siblings.push(node)
      }
      node.samples++
      siblings = node.children
    }
  }
  settle(roots, samples.length)
  return roots
}

/** The frames of a stack from the application's outermost one on, outermost first. */
function fromOwn(frames: readonly SampledFrame[], notOwn: readonly string[]): SampledFrame[] {
  const outermost = frames.findLastIndex((frame) => isOwnFrame(frame, notOwn))
  const kept = outermost === -1 ? [...frames] : frames.slice(0, outermost + 1)
  return kept.reverse().slice(0, MAX_DEPTH)
}

function isAt(node: OpenNode, frame: SampledFrame): boolean {
  return node.line === frame.line && node.name === nameOf(frame) && node.file === fileOf(frame)
}

function nodeOf(frame: SampledFrame, notOwn: readonly string[]): OpenNode {
  return {
    name: nameOf(frame),
    file: fileOf(frame),
    line: frame.line,
    column: frame.column,
    isOwn: isOwnFrame(frame, notOwn),
    samples: 0,
    share: 0,
    children: [],
  }
}

/** Own frames stand first, then those that most samples have. */
function settle(nodes: OpenNode[], samples: number): void {
  nodes.sort((one, other) => Number(other.isOwn) - Number(one.isOwn) || other.samples - one.samples)
  for (const node of nodes) {
    node.share = node.samples / samples
    settle(node.children, samples)
  }
}
