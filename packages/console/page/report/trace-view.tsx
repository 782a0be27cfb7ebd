import { CopyButton } from '../components/copy-button.js'
import { countOf } from '../components/number-text.js'
import { type CodeByPlace, firstWithCode, placeOf } from './code-lines.js'
import { CodeView } from './code-view.js'
import { compiledPlace, FramePlace } from './frame-place.js'
import { type Frame, type FrameRun, frameRuns, sharedRoot, summaryOf } from './frames.js'

/** What all frames of a trace are shown with. */
interface TraceContext {
  /** The folder that all own files share. */
  readonly root: string
  readonly code: CodeByPlace
  /** The frame whose code is open at first. */
  readonly opened: Frame | undefined
}

/**
 * A stack trace: the application's own frames stand out and have their lines of code, those of packages and of Node.js are folded.
 */
export function TraceView({
  trace,
  code,
  label,
}: {
  trace: readonly string[]
  code: CodeByPlace
  label: string
}) {
  const runs = frameRuns(trace)
  if (runs.length === 0)
    return <p class="muted">It has no stack trace: what was thrown is not an error.</p>
  // A trace without own frames is shown as it is: folded, it would show nothing.
  const hasOwn = runs.some(({ isOwn }) => isOwn)
  const opened = firstWithCode(
    runs.flatMap(({ frames }) => frames),
    code,
  )
  const context = { root: sharedRoot(runs), code, opened }
  return (
    <div class="trace">
      <CopyButton text={trace.join('\n')} label="Copy the trace" />
      <ol aria-label={label}>
        {runs.map((run, index) => (
          <Run
            key={`${index} ${run.frames[0]?.text}`}
            run={run}
            context={context}
            isOpen={run.isOwn || !hasOwn}
          />
        ))}
      </ol>
    </div>
  )
}

/** Own frames that are shown at first: a function that calls itself may have hundreds. */
const FIRST_FRAMES = 20

function Run({ run, context, isOpen }: { run: FrameRun; context: TraceContext; isOpen: boolean }) {
  const lines = run.frames.map((frame, index) => (
    <FrameLine key={`${index} ${frame.text}`} frame={frame} context={context} />
  ))
  const first = isOpen ? lines.slice(0, FIRST_FRAMES) : []
  const rest = lines.slice(first.length)
  return (
    <>
      {first}
      {rest.length > 0 && (
        <li class="trace-folded">
          <details>
            <summary>{isOpen ? countOf(rest.length, 'more frame') : summaryOf(run.frames)}</summary>
            <ol>{rest}</ol>
          </details>
        </li>
      )}
    </>
  )
}

function FrameLine({
  frame,
  context: { root, code, opened },
}: {
  frame: Frame
  context: TraceContext
}) {
  const known = code.get(placeOf(frame))
  const look = frame.isOwn ? 'frame-line frame-own' : 'frame-line'
  const title = frame.text.trim()
  const place = <FramePlace frame={frame} root={root} code={known} />
  if (known === undefined || known.lines.length === 0)
    return (
      <li class={look} title={title}>
        {place}
      </li>
    )
  return (
    <li>
      <details open={frame === opened}>
        <summary class={look} title={title}>
          {place}
        </summary>
        <CodeView code={known} compiled={compiledPlace(frame, known)} />
      </details>
    </li>
  )
}
