import { countOf, shareText } from '../components/number-text.js'
import { type CodeByPlace, codeOfLine } from '../report/code-lines.js'
import { FramePlace } from '../report/frame-place.js'
import { summaryOf } from '../report/frames.js'
import { runsOf, type StackBranch } from './stack-branches.js'
import type { StackFrame } from './stack-frames.js'

/** What all frames of a tree are shown with. */
interface TreeContext {
  /** The folder that all own files share. */
  readonly root: string
  readonly code: CodeByPlace
}

/**
 * The stacks of all samples put together, as nested lists: a branch has the frames that called each other, then what the last of them called.
 * The path that most samples have taken is open at first.
 */
export function StackTree({
  branches,
  context,
  label,
}: {
  branches: readonly StackBranch[]
  context: TreeContext
  label?: string
}) {
  return (
    <ul class="stack-tree" aria-label={label}>
      {branches.map((branch, index) => (
        <Branch key={`${index} ${branch.frames[0].name}`} branch={branch} context={context} />
      ))}
    </ul>
  )
}

/** Frames of packages that follow each other are folded from this number on. */
const FOLDED_FROM = 3

function Branch({ branch, context }: { branch: StackBranch; context: TreeContext }) {
  const { frames, branches, isHeaviest } = branch
  const [first, ...rest] = frames
  const head = (
    <>
      <Share branch={branch} />
      <FrameName frame={first} context={context} />
    </>
  )
  if (rest.length === 0 && branches.length === 0) return <li class="stack-line">{head}</li>
  return (
    <li>
      <details open={isHeaviest}>
        <summary class="stack-line">{head}</summary>
        {rest.length > 0 && (
          <ol class="stack-chain" aria-label="Called one after the other">
            {runsOf(rest).map((run, index) => (
              <Run key={`${index} ${run[0].name}`} run={run} context={context} />
            ))}
          </ol>
        )}
        {branches.length > 0 && <StackTree branches={branches} context={context} />}
      </details>
    </li>
  )
}

/** Frames of the application, or of packages and Node.js: of these a few in a row are folded. */
function Run({ run, context }: { run: readonly StackFrame[]; context: TreeContext }) {
  const lines = run.map((frame, index) => (
    <li key={`${index} ${frame.name}`} class="stack-line">
      <FrameName frame={frame} context={context} />
    </li>
  ))
  if (run[0]?.isOwn === true || run.length < FOLDED_FROM) return <>{lines}</>
  return (
    <li class="stack-foreign">
      <details>
        <summary>{summaryOf(run)}</summary>
        <ol>{lines}</ol>
      </details>
    </li>
  )
}

/** The share as a number and a bar. */
function Share({ branch: { share, samples } }: { branch: StackBranch }) {
  return (
    <span class="stack-share" title={`${countOf(samples, 'sample')} of this branch`}>
      <span class="number">{shareText(share)}</span>
      <span class="stack-track" aria-hidden="true">
        <span class="stack-bar" style={{ width: `${share * 100}%` }} />
      </span>
    </span>
  )
}

function FrameName({
  frame,
  context: { root, code },
}: {
  frame: StackFrame
  context: TreeContext
}) {
  const { name, file, line, column, isOwn } = frame
  const compiled = [file, line, column].filter((part) => part !== undefined).join(':')
  return (
    <span class={isOwn ? 'stack-frame frame-own' : 'stack-frame'} title={`${name} (${compiled})`}>
      <FramePlace frame={frame} root={root} code={codeOfLine(code, frame)} />
    </span>
  )
}
