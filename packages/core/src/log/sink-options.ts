import { Type } from '@sinclair/typebox'
import {
  type Given,
  nonEmptyText,
  optionsObject,
  orFalse,
  trueOrFalse,
  wholeNumber,
} from '../kit/options.js'
import { LEVELS, type LevelName, type LevelNames } from './level.js'
import type { LineStream } from './line-sink.js'

const LEVEL_NAME = /^(trace|debug|info|warn|warning|error|fatal|critical)$/i
const level = Type.Optional(
  Type.Unsafe<LevelName>(Type.RegExp(LEVEL_NAME, { description: `one of ${LEVELS.join(', ')}` })),
)

const stdout = optionsObject(
  {
    /** The least level of the lines that are written to it. @default 'info' */
    level,
  },
  'an object, or false',
)

const file = optionsObject(
  {
    /**
     * Path of the file; its folder must exist. A new file has the mode 0600, from an existing file of this user the access of
     * others is removed, and a symbolic link may lead only to a regular file of this user.
     */
    path: nonEmptyText('a path'),
    /** The least level of the lines that are written to it. @default 'info' */
    level,
    /** The file is rotated before it would exceed this size, in MiB. @default 10 */
    maxSizeMb: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'a number above 0' })),
    /** Number of rotated files that are kept; with 0 the file is never rotated. @default 5 */
    backupCount: Type.Optional(wholeNumber(0, 1_000)),
    /**
     * Whether the signal SIGHUP makes the sink open its path again at once. The signal then no longer ends the process.
     *
     * @default true, but false when the process has a controlling terminal, which sends the same signal when it is closed
     */
    reopenOnSighup: Type.Optional(trueOrFalse()),
  },
  'an object with a path, or false',
)

/** A log file that is rotated by size. Rotated files are `audit.log.1` (the newest), `audit.log.2` ... */
export interface RotatingFileOptions extends Omit<Given<typeof file>, 'level'> {}

const stream = Type.Unsafe<LineStream>(
  Type.Object(
    { write: Type.Function([], Type.Unknown()) },
    { description: 'an object with a write function, or false' },
  ),
)

const levelNames = Type.Unsafe<LevelNames>(
  Type.Union([Type.Literal('pino'), Type.Literal('python')], {
    description: "'pino' or 'python'",
  }),
)

/** The schema of `SinkOptions`. */
export const sinkSchema = optionsObject(
  {
    /** Writes to the standard output. @default { level: 'info' } when there is neither a file nor a stream, else false */
    stdout: Type.Optional(orFalse(stdout)),
    /** Writes to a file that is rotated by size. @default false */
    file: Type.Optional(orFalse(file)),
    /** Writes to a stream of the application, at every level. @default false */
    stream: Type.Optional(orFalse(stream)),
    /** The names of levels in lines: `python` writes WARNING and CRITICAL, and DEBUG for TRACE. @default 'pino' */
    levelNames: Type.Optional(levelNames),
  },
  'an object { stdout?, file?, stream? }, or false',
)

/** The destinations of a log: any of the standard output, a file and a stream. */
export interface SinkOptions extends Given<typeof sinkSchema> {}
