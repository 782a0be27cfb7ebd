import { closeSync, openSync } from 'node:fs'
import { type Level, type LevelName, parseLevel } from './level.js'
import type { LineSink, SinkListener } from './line-sink.js'
import { listenToProcess } from './process-listener.js'
import { RotatingFile } from './rotating-file.js'
import type { RotatingFileOptions, SinkOptions } from './sink-options.js'
import { Stdout } from './stdout.js'
import { StreamSink } from './stream-sink.js'
import { SyncLineSink } from './sync-line-sink.js'

/** The names of the sinks. */
export type SinkName = 'stdout' | 'file' | 'stream'

/** One open sink with the least level that it shows. */
export interface OpenSink {
  readonly name: SinkName
  readonly level: Level
  readonly sink: LineSink
}

/**
 * Opens the sinks that the options name.
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

/** Whether the process belongs to a terminal: when that closes, SIGHUP means that the process shall end. */
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
