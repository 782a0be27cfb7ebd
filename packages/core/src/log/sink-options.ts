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
    /** The least level of the lines that it gets. @default 'info' */
    level,
  },
  'an object, or false',
)

const file = optionsObject(
  {
    /**
     * Path of the file; its folder must exist. A new file has the mode 0600, one of ours that others have access to is
     * narrowed, and a symbolic link is followed to a regular file of this user only.
     */
    path: nonEmptyText('a path'),
    /** The least level of the lines that it gets. @default 'info' */
    level,
    /** Size in MiB that the file does not pass. @default 10 */
    maxSizeMb: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'a number above 0' })),
    /** How many older files are kept; 0 never rotates. @default 5 */
    backupCount: Type.Optional(wholeNumber(0, 1_000)),
    /**
     * Whether the signal SIGHUP opens the path anew at once. Listening for it keeps it from ending the process.
     *
     * @default true unless the process has a controlling terminal, whose closing sends the same signal
     */
    reopenOnSighup: Type.Optional(trueOrFalse()),
  },
  'an object with a path, or false',
)

/** A log file that is rotated by size: `audit.log`, then `audit.log.1` (the newest backup), `audit.log.2` ... */
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
    /** The standard output. @default { level: 'info' } when there is neither a file nor a stream, else false */
    stdout: Type.Optional(orFalse(stdout)),
    /** A file, rotated by size. @default false */
    file: Type.Optional(orFalse(file)),
    /** A stream of the application's own, which gets every level. @default false */
    stream: Type.Optional(orFalse(stream)),
    /** The names of levels in the lines; `python`: WARNING and CRITICAL, and DEBUG for TRACE. @default 'pino' */
    levelNames: Type.Optional(levelNames),
  },
  'an object { stdout?, file?, stream? }, or false',
)

/** Where a log goes: any of the three, the standard output and the file each with its own least level. */
export interface SinkOptions extends Given<typeof sinkSchema> {}
