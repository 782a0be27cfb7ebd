import { closeSync, openSync, writeSync } from 'node:fs'
import { type Level, type LevelName, parseLevel } from './level.js'
import {
  type ByteTarget,
  type LineSink,
  type LineSinkStats,
  type LineStream,
  listenToProcess,
  type SinkListener,
} from './line-sink.js'
import { RotatingFile } from './rotating-file.js'
import type { RotatingFileOptions, SinkOptions } from './sink-options.js'
import { SyncLineSink } from './sync-line-sink.js'

/** The names of the sinks. */
export type SinkName = 'stdout' | 'file' | 'stream'

/** An open sink and its least level. */
export interface OpenSink {
  readonly name: SinkName
  readonly level: Level
  readonly sink: LineSink
}

/**
 * Opens the sinks of the options.
 *
 * @throws SCS_ERR_LOG_FILE when the file cannot be opened
 */
export function openSinks(
  options: SinkOptions,
  listenerOf: (name: SinkName) => SinkListener,
): readonly OpenSink[] {
  const { file, stream } = options
  const hasOther = Boolean(file) || Boolean(stream)
  const stdout = options.stdout ?? (hasOther ? false : {})
  const open: OpenSink[] = []
  if (stdout) {
    const sink = new SyncLineSink(new Stdout(), listenerOf('stdout'))
    open.push({ name: 'stdout', level: levelOr(stdout.level, 'INFO'), sink })
  }
  if (file) {
    const listener = listenerOf('file')
    const target = new RotatingFile(file, (text) => listener.onWarning(text))
    const sink = reopenedBySignal(file, new SyncLineSink(target, listener))
    open.push({ name: 'file', level: levelOr(file.level, 'INFO'), sink })
  }
  if (stream) {
    open.push({
      name: 'stream',
      level: 'TRACE',
      sink: new StreamSink(stream, listenerOf('stream')),
    })
  }
  return open
}

function reopenedBySignal({ reopenOnSighup }: RotatingFileOptions, sink: LineSink): LineSink {
  if (!(reopenOnSighup ?? !hasTerminal())) return sink
  const forget = listenToProcess('SIGHUP', () => sink.reopen())
  return {
    write: (line) => sink.write(line),
    stats: () => sink.stats(),
    reopen: () => sink.reopen(),
    close: () => {
      forget()
      sink.close()
    },
  }
}

/** Whether the process has a controlling terminal. When that is closed it sends SIGHUP, and the process should end. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

function levelOr(name: LevelName | undefined, fallback: Level): Level {
  return parseLevel(name) ?? fallback
}

const STDOUT = 1

/** Attempts to write to a pipe whose reader is slow, and the pause between them in milliseconds, before the line waits in memory. */
const MAX_TRIES = 20
const PAUSE_MS = 5

/** Writes to the standard output synchronously. */
export class Stdout implements ByteTarget {
  readonly #clock = new Int32Array(new SharedArrayBuffer(4))

  beginLine(): undefined {
    // The standard output is never rotated.
  }

  write(data: string | Buffer): number {
    for (let tries = 1; ; tries++) {
      try {
        return typeof data === 'string' ? writeSync(STDOUT, data) : writeSync(STDOUT, data)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || tries === MAX_TRIES) throw error
        Atomics.wait(this.#clock, 0, 0, PAUSE_MS)
      }
    }
  }

  close(): void {
    // The standard output belongs to the process and stays open.
  }
}

/** Writes lines to a stream of the application, which stays open. */
export class StreamSink implements LineSink {
  readonly #stream: LineStream
  readonly #listener: SinkListener
  #isFailing = false
  #written = 0
  #failed = 0
  #lastFailure: string | undefined

  constructor(stream: LineStream, listener: SinkListener) {
    this.#stream = stream
    this.#listener = listener
  }

  write(line: string): void {
    try {
      this.#stream.write(line)
      this.#written++
      if (this.#isFailing) this.#listener.onRecovery()
      this.#isFailing = false
    } catch (error) {
      this.#failed++
      this.#lastFailure = error instanceof Error ? error.message : String(error)
      if (!this.#isFailing) this.#listener.onFailure(error)
      this.#isFailing = true
    }
  }

  stats(): LineSinkStats {
    return {
      written: this.#written,
      failed: this.#failed,
      dropped: this.#failed,
      pendingBytes: 0,
      ...(this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure }),
    }
  }

  reopen(): void {
    // A stream has no path.
  }

  close(): void {
    // The stream belongs to the application and stays open.
  }
}
