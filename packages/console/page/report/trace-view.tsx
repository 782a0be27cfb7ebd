import { CopyButton } from '../components/copy-button.js'
import { countOf } from '../components/number-text.js'
import { type Frame, type FrameRun, frameRuns, sharedRoot, shortFile } from './frames.js'

/** A stack trace: the application's own frames stand out, those of packages and of Node.js are folded. */
export function TraceView({ trace, label }: { trace: readonly string[]; label: string }) {
  const runs = frameRuns(trace)
  const root = sharedRoot(runs)
  if (runs.length === 0)
    return <p class="muted">It has no stack trace: what was thrown is not an error.</p>
  // A trace without own frames is shown as it is: folded, it would show nothing.
  const hasOwn = runs.some(({ isOwn }) => isOwn)
  return (
    <div class="trace">
      <CopyButton text={trace.join('\n')} label="Copy the trace" />
      <ol aria-label={label}>
        {runs.map((run, index) => (
          <Run
            key={`${index} ${run.frames[0]?.text}`}
            run={run}
            root={root}
            isOpen={run.isOwn || !hasOwn}
          />
        ))}
      </ol>
    </div>
  )
}

/** Own frames that are shown at first: a function that calls itself may have hundreds. */
const FIRST_FRAMES = 20

function Run({ run, root, isOpen }: { run: FrameRun; root: string; isOpen: boolean }) {
  const lines = run.frames.map((frame, index) => (
    <FrameLine key={`${index} ${frame.text}`} frame={frame} root={root} />
  ))
  const first = isOpen ? lines.slice(0, FIRST_FRAMES) : []
  const rest = lines.slice(first.length)
  return (
    <>
      {first}
      {rest.length > 0 && (
        <li class="trace-folded">
          <details>
            <summary>{isOpen ? countOf(rest.length, 'more frame') : summaryOf(run)}</summary>
            <ol>{rest}</ol>
          </details>
        </li>
      )}
    </>
  )
}

function FrameLine({ frame, root }: { frame: Frame; root: string }) {
  const { name, file = '', line, column, isOwn, text } = frame
  return (
    <li class={isOwn ? 'frame-line frame-own' : 'frame-line'} title={text.trim()}>
      <span class="frame-name wrap">{name ?? '(top of the file)'}</span>
      <span class="frame-file wrap">
        {shortFile(file, root)}
        {line !== undefined && <span class="frame-place">:{line}</span>}
        {column !== undefined && <span class="frame-column">:{column}</span>}
      </span>
    </li>
  )
}

/** `4 frames of fastify and Node.js` */
function summaryOf({ frames }: FrameRun): string {
  const sources = new Set(frames.map(({ file = '' }) => sourceOf(file)))
  const named = [...sources].slice(0, 3).join(', ')
  return `${countOf(frames.length, 'frame')} of ${named}`
}

function sourceOf(file: string): string {
  const short = shortFile(file, '')
  if (short.startsWith('node:') || short === 'native' || short === '<anonymous>') return 'Node.js'
  const [scope = '', name = ''] = short.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}
