import {
  type TBoolean,
  type TInteger,
  type TNumber,
  type TObject,
  type TOptional,
  type TString,
  type TUnsafe,
  Type,
} from '@sinclair/typebox'
import { LEVELS, type LevelName, type LevelNames } from './level.js'
import type { RotatingFileOptions } from './rotating-file.js'
import type { LineStream } from './stream-sink.js'

/** Where a log goes: any of the three, the two of ours each with its own least level. */
export interface SinkOptions {
  /** The standard output. @default { level: 'info' } when there is neither a file nor a stream, else false */
  readonly stdout?: { readonly level?: LevelName } | false
  /** A file, rotated by size. @default false */
  readonly file?: (RotatingFileOptions & { readonly level?: LevelName }) | false
  /** A stream of the application's own, which gets every level. @default false */
  readonly stream?: LineStream | false
  /** The names of levels in the lines; `python`: WARNING and CRITICAL, and DEBUG for TRACE. @default 'pino' */
  readonly levelNames?: LevelNames
}

type LevelSchema = TOptional<TUnsafe<LevelName>>

const level: LevelSchema = Type.Optional(
  Type.Unsafe<LevelName>(
    Type.RegExp(/^(trace|debug|info|warn|warning|error|fatal|critical)$/i, {
      description: `one of ${LEVELS.join(', ')}`,
    }),
  ),
)

/** The schema of the sinks, without those that are `false`. */
export const sinkSchema: TObject<{
  stdout: TOptional<TObject<{ level: LevelSchema }>>
  file: TOptional<
    TObject<{
      path: TString
      level: LevelSchema
      maxSizeMb: TOptional<TNumber>
      backupCount: TOptional<TInteger>
      reopenOnSighup: TOptional<TBoolean>
    }>
  >
  stream: TOptional<TUnsafe<LineStream>>
  levelNames: TOptional<TUnsafe<LevelNames>>
}> = Type.Object(
  {
    stdout: Type.Optional(
      Type.Object({ level }, { additionalProperties: false, description: 'an object, or false' }),
    ),
    file: Type.Optional(
      Type.Object(
        {
          path: Type.String({ minLength: 1, description: 'a path' }),
          level,
          maxSizeMb: Type.Optional(
            Type.Number({ exclusiveMinimum: 0, description: 'a number above 0' }),
          ),
          backupCount: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 1000, description: 'a whole number, 0 to 1000' }),
          ),
          reopenOnSighup: Type.Optional(Type.Boolean({ description: 'true or false' })),
        },
        { additionalProperties: false, description: 'an object with a path, or false' },
      ),
    ),
    stream: Type.Optional(
      Type.Unsafe<LineStream>(
        Type.Object(
          { write: Type.Function([], Type.Unknown()) },
          { description: 'an object with a write function, or false' },
        ),
      ),
    ),
    levelNames: Type.Optional(
      Type.Unsafe<LevelNames>(
        Type.Union([Type.Literal('pino'), Type.Literal('python')], {
          description: "'pino' or 'python'",
        }),
      ),
    ),
  },
  { additionalProperties: false, description: 'an object { stdout?, file?, stream? }, or false' },
)

/** The sinks that are not switched off. */
export type OpenSinkOptions = {
  readonly [Name in keyof SinkOptions]: Exclude<SinkOptions[Name], false>
}

/** Leaves out the sinks that are `false`. */
export function withoutClosedSinks(options: SinkOptions): OpenSinkOptions {
  if (typeof options !== 'object' || options === null) return options
  return Object.fromEntries(Object.entries(options).filter(([, sink]) => sink !== false))
}
