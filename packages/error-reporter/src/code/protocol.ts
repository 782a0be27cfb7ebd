/** A place that a frame of a trace names. */
export interface FramePlace {
  /** An absolute path. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/** What a thread that reads code is started with. */
export interface CodeThreadStart {
  /** The application's root; no file outside of it is read. */
  readonly root: string
  /** When the process started, in milliseconds since 1970: a file that was changed later may not be what runs. */
  readonly startedAtMs: number
}

/** Asks for the code around some places. */
export interface CodeRequest {
  readonly id: number
  readonly places: readonly FramePlace[]
  /** Whether Node.js has applied source maps to the frames already. */
  readonly areMapped: boolean
}

/** The code around one place; not redacted. */
export interface FoundCode {
  /** The place's index in the request. */
  readonly index: number
  /** From the root on, with `/`. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly firstLine: number
  /** The lines before the first one: a secret that begins in them may go on in those that are shown. */
  readonly above: readonly string[]
  /** Empty where a source map names the place and there is no text of it. */
  readonly lines: readonly string[]
}

/** What was found; places without code are left out. */
export interface CodeAnswer {
  readonly id: number
  readonly found: readonly FoundCode[]
}
