import { countOf } from '../components/number-text.js'

/** One line of a stack trace. */
export interface Frame {
  /** The function; undefined at the top of a file, and for a line that is no frame. */
  readonly name: string | undefined
  /** Where it is; undefined for a line that is no frame. */
  readonly file: string | undefined
  readonly line: number | undefined
  readonly column: number | undefined
  /** Whether it lies in the application: not in a package and not in Node.js. */
  readonly isOwn: boolean
  /** The line as it was logged. */
  readonly text: string
}

/** Frames of the same kind that follow each other. */
export interface FrameRun {
  readonly isOwn: boolean
  readonly frames: readonly Frame[]
}

const FRAME = /^\s*at (?:async )?(?:(.+?) \()?(?:file:\/\/)?(.+?)(?::(\d+))?(?::(\d+))?\)?\s*$/
const FOREIGN = /^node:|[\\/]node_modules[\\/]|^<anonymous>$|^native$|^internal[\\/]/

/** Reads a line of a stack trace as V8 writes it. */
export function readFrame(text: string): Frame {
  const match = /^\s*at /.test(text) ? FRAME.exec(text) : null
  const [, name, file, line, column] = match ?? []
  if (match === null || file === undefined)
    return {
      name: undefined,
      file: undefined,
      line: undefined,
      column: undefined,
      isOwn: false,
      text,
    }
  return {
    name,
    file,
    line: line === undefined ? undefined : Number(line),
    column: column === undefined ? undefined : Number(column),
    isOwn: !FOREIGN.test(file),
    text,
  }
}

/** The lines of a stack trace that are frames, in runs of own and of foreign ones; the order is that of the trace. */
export function frameRuns(trace: readonly string[]): readonly FrameRun[] {
  const runs: { isOwn: boolean; frames: Frame[] }[] = []
  for (const frame of trace.map(readFrame)) {
    // The message, which stands above the frames and is shown as the heading.
    if (frame.file === undefined) continue
    const last = runs.at(-1)
    if (last !== undefined && last.isOwn === frame.isOwn) last.frames.push(frame)
    else runs.push({ isOwn: frame.isOwn, frames: [frame] })
  }
  return runs
}

/** A file as it is read: from the last `node_modules/` on, or without the folder that all own files share. */
export function shortFile(file: string, root: string): string {
  const packages = file.lastIndexOf('node_modules/')
  if (packages !== -1)
    return file
      .slice(packages + 'node_modules/'.length)
      .replace(/^\.pnpm\/[^/]+\/node_modules\//, '')
  return root !== '' && file.startsWith(root) ? file.slice(root.length) : file
}

/** The folder that all own files of a trace share, with its slash; empty for none. */
export function sharedRoot(
  runs: readonly { readonly isOwn: boolean; readonly frames: readonly Pick<Frame, 'file'>[] }[],
): string {
  const files = runs
    .filter(({ isOwn }) => isOwn)
    .flatMap(({ frames }) => frames.map(({ file }) => file ?? ''))
  const [first] = files
  if (first === undefined) return ''
  const folders = first.split('/').slice(0, -1)
  while (folders.length > 0) {
    const start = `${folders.join('/')}/`
    if (files.every((file) => file.startsWith(start))) return parentOf(start)
    folders.pop()
  }
  return ''
}

/** One folder is left, so that `src/orders.ts` reads as such. */
function parentOf(folder: string): string {
  const parent = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1)
  return parent === '/' || parent === '' ? '' : parent
}

/** `4 frames of fastify, Node.js` */
export function summaryOf(frames: readonly Pick<Frame, 'file'>[]): string {
  const sources = new Set(frames.map(({ file = '' }) => sourceOf(file)))
  const named = [...sources].slice(0, 3).join(', ')
  return `${countOf(frames.length, 'frame')} of ${named}`
}

function sourceOf(file: string): string {
  const short = shortFile(file, '')
  if (short.startsWith('node:') || short === 'native' || short === '<anonymous>') return 'Node.js'
  // Of a package that is linked, not installed.
  if (short.startsWith('/')) return short.slice(short.lastIndexOf('/') + 1)
  const [scope = '', name = ''] = short.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}
