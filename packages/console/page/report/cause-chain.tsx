import type { CodeByPlace } from './code-lines.js'
import type { ReportedError } from './report-data.js'
import { TraceView } from './trace-view.js'

/** The errors behind an error, outermost first. */
export function CauseChain({
  causes,
  code,
}: {
  causes: readonly ReportedError[]
  code: CodeByPlace
}) {
  return (
    <ol class="causes" aria-label="Causes, outermost first">
      {causes.map((cause, index) => (
        <li key={`${index} ${cause.message}`}>
          <CauseHead error={cause} word="Caused by" />
          <CauseBody error={cause} code={code} isOpen={index === causes.length - 1} />
        </li>
      ))}
    </ol>
  )
}

/** Where an error was made, the errors that it is made of, and those behind it. */
function CauseBody({
  error,
  code,
  isOpen,
}: {
  error: ReportedError
  code: CodeByPlace
  isOpen: boolean
}) {
  const { name, trace, errors, leftOut, causes } = error
  return (
    <>
      {trace.length > 0 && (
        <details open={isOpen}>
          <summary>Stack trace</summary>
          <TraceView trace={trace} code={code} label={`Stack trace of ${name}`} />
        </details>
      )}
      {errors.length > 0 && (
        <ul class="parts">
          {errors.map((part, index) => (
            <li key={`${index} ${part.message}`}>
              <CauseHead error={part} word="One of" />
              <CauseBody error={part} code={code} isOpen={false} />
            </li>
          ))}
          {leftOut > 0 && <li class="muted">and {leftOut} more</li>}
        </ul>
      )}
      {causes.length > 0 && <CauseChain causes={causes} code={code} />}
    </>
  )
}

function CauseHead({ error, word }: { error: ReportedError; word: string }) {
  return (
    <p class="cause-head wrap">
      <span class="muted">{word}</span> <strong>{error.name}</strong>
      {error.code !== undefined && <span class="mono"> {error.code}</span>}
      {error.message !== '' && <>: {error.message}</>}
    </p>
  )
}
