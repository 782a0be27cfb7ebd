import { type Level, type LevelName, parseLevel } from './level.js'
import type { LineSink, SinkListener } from './line-sink.js'
import { RotatingFile } from './rotating-file.js'
import type { SinkOptions } from './sink-options.js'
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
    const sink = new SyncLineSink(new RotatingFile(file), listenerOf('file'))
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

function levelOr(name: LevelName | undefined, fallback: Level): Level {
  return parseLevel(name) ?? fallback
}
