import { type CodeLines, placeText } from './code-lines.js'
import { shortFile } from './frames.js'

/** A frame as far as its place is shown. */
export interface PlacedFrame {
  readonly name: string | undefined
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/** The function of a frame and its place: that of the source where it is known, else the one that runs. */
export function FramePlace({
  frame: { name, file = '', line, column },
  root,
  code,
}: {
  frame: PlacedFrame
  /** The folder that all own files share. */
  root: string
  code: CodeLines | undefined
}) {
  const place = code ?? { file: shortFile(file, root), line, column }
  return (
    <>
      <span class="frame-name wrap">{name ?? '(top of the file)'}</span>
      <span class="frame-file wrap">
        {place.file}
        {place.line !== undefined && <span class="frame-place">:{place.line}</span>}
        {place.column !== undefined && <span class="frame-column">:{place.column}</span>}
      </span>
    </>
  )
}

/** The place that runs: `dist/orders.js:9:24`; undefined where the source is the same. */
export function compiledPlace(frame: PlacedFrame, code: CodeLines): string | undefined {
  const { file = '', line, column } = frame
  if (line === code.line && column === code.column && isSameFile(file, code.file)) return undefined
  return placeText({ file, line, column })
}

/** A source is named from the application's root on. */
function isSameFile(file: string, source: string): boolean {
  return file === source || file.endsWith(`/${source}`)
}
