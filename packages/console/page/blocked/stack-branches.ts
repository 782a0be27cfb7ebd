import type { StackFrame } from './stack-frames.js'

/** Frames that each called the next and nothing else: a part of the stack without a fork. */
export interface StackBranch {
  /** The outermost first; never empty. */
  readonly frames: readonly [StackFrame, ...StackFrame[]]
  readonly samples: number
  readonly share: number
  /** What its last frame called, the most samples first. */
  readonly branches: readonly StackBranch[]
  /** Whether it is on the path that most samples have taken. */
  readonly isHeaviest: boolean
}

/** Puts the frames of a tree together to branches, so that it is as deep as it has forks, not as it has frames. */
export function branchesOf(tree: readonly StackFrame[], isHeaviest = true): readonly StackBranch[] {
  return [...tree]
    .sort((one, other) => other.samples - one.samples)
    .map((frame, index) => branchFrom(frame, isHeaviest && index === 0))
}

function branchFrom(first: StackFrame, isHeaviest: boolean): StackBranch {
  const frames: [StackFrame, ...StackFrame[]] = [first]
  let last = first
  for (;;) {
    const [only, ...others] = last.children
    // A frame that was the innermost of some samples is a fork too.
    if (only === undefined || others.length > 0 || only.samples !== last.samples) break
    frames.push(only)
    last = only
  }
  const { samples, share } = first
  return { frames, samples, share, branches: branchesOf(last.children, isHeaviest), isHeaviest }
}

/** The innermost own frame of the path that most samples have taken: the place to look at first. */
export function heaviestPlace(branches: readonly StackBranch[]): StackFrame | undefined {
  const [branch] = branches
  if (branch === undefined) return undefined
  return heaviestPlace(branch.branches) ?? branch.frames.findLast(({ isOwn }) => isOwn)
}

/** All own frames of a tree. */
export function ownFrames(tree: readonly StackFrame[]): readonly StackFrame[] {
  return tree.flatMap((frame) => [...(frame.isOwn ? [frame] : []), ...ownFrames(frame.children)])
}

/** Frames in runs of own ones and of others. */
export function runsOf(
  frames: readonly StackFrame[],
): readonly (readonly [StackFrame, ...StackFrame[]])[] {
  const runs: [StackFrame, ...StackFrame[]][] = []
  for (const frame of frames) {
    const last = runs.at(-1)
    if (last !== undefined && last[0].isOwn === frame.isOwn) last.push(frame)
    else runs.push([frame])
  }
  return runs
}
