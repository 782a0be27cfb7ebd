import { CopyButton } from './copy-button.js'

/** Text of a fixed width, as it was logged, to be read and copied. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <figure class="code" aria-label={label}>
      <CopyButton text={text} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  )
}
