import { countOf, shareText } from '../components/number-text.js'
import { type CodeByPlace, codeOfLine } from '../report/code-lines.js'
import { FramePlace } from '../report/frame-place.js'
import type { StackFrame } from './blocked-facts.js'
import type { StackBranch } from './stack-branches.js'

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
            {rest.map((frame, index) => (
              <li key={`${index} ${frame.name}`} class="stack-line">
                <FrameName frame={frame} context={context} />
              </li>
            ))}
          </ol>
        )}
        {branches.length > 0 && <StackTree branches={branches} context={context} />}
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
