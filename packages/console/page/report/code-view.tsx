import { CopyButton } from '../components/copy-button.js'
import { type CodeLines, placeText } from './code-lines.js'

/** Lines of code with their numbers; the line of the frame is marked, also for a screen reader. */
export function CodeView({
  code,
  compiled,
}: {
  code: CodeLines
  /** The place that runs, where it is another one: `dist/orders.js:9:24`. */
  compiled: string | undefined
}) {
  const { line, firstLine, lines } = code
  const place = placeText(code)
  return (
    <div class="code-view">
      <ol class="code-lines" aria-label={`Code at ${place}`}>
        {lines.map((text, index) => (
          <CodeLine key={index} number={firstLine + index} text={text} line={line} />
        ))}
      </ol>
      <p class="code-foot">
        {compiled !== undefined && <span class="muted wrap">runs as {compiled}</span>}
        <CopyButton text={place} label="Copy the place" />
      </p>
    </div>
  )
}

function CodeLine({ number, text, line }: { number: number; text: string; line: number }) {
  const isMarked = number === line
  return (
    <li class={isMarked ? 'code-line code-line-marked' : 'code-line'}>
      <span class="code-number">
        {isMarked && <span class="hidden">This line: </span>}
        {number}
      </span>
      <code>{text}</code>
    </li>
  )
}
