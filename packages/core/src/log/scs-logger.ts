import { Type } from '@sinclair/typebox'
import { type LoggerOptions, multistream, type Level as PinoLevel } from 'pino'
import { OptionsError } from '../errors.js'
import { checkOptions, type Given, nonEmptyText, optionsObject } from '../kit/options.js'
import { redactSchema } from '../redact/redact-options.js'
import { createRedactor, type Redactor } from '../redact/redactor.js'
import { describeThrown, descriptionOf, stackWithCauses } from '../thrown/describe-thrown.js'
import { isErrorObject, readField } from '../thrown/error-object.js'
import { bindingsOf, setBindings } from './compat-pino.js'
import { LEVELS, levelInLine } from './level.js'
import type { LineStream, SinkListener } from './line-sink.js'
import { printableLine } from './printable-text.js'
import { sinkSchema } from './sink-options.js'
import { openSinks, type SinkName } from './sinks.js'

/** What Fastify's `logger` option takes. */
export interface ScsLogger extends LoggerOptions {
  readonly level: string
  readonly stream: LineStream
}

const loggerSchema = optionsObject({
  ...sinkSchema.properties,
  /** The name of the service, written as `source` in every line. @default 'app' */
  source: Type.Optional(nonEmptyText()),
  /** What is redacted in addition to the built-in lists. */
  redact: Type.Optional(redactSchema),
})

/** Options of the application log: its destinations, its source and what is redacted. */
export interface ScsLoggerOptions extends Given<typeof loggerSchema> {}

/**
 * Makes the options that turn Fastify's logger into SCS's application log: one redacted JSON line for each entry, with `level`,
 * `date`, `message`, `source`, `module` (of a child logger, else null), `errorType` and `errorInfo` (the stack, else null).
 *
 * @throws SCS_ERR_OPTIONS when an option is wrong; SCS_ERR_LOG_FILE when the file cannot be opened
 */
export function scsLogger(options: ScsLoggerOptions = {}): ScsLogger {
  checkOptions(loggerSchema, options, (...what) => new OptionsError(...what))
  const { source = 'app', redact, levelNames = 'pino', ...sinkOptions } = options
  const redactor = createRedactor(redact)
  const sinks = openSinks(sinkOptions, reportToStderr)
  const least = LEVELS.find((level) => sinks.some((sink) => sink.level === level))
  return {
    level: least === undefined ? 'silent' : least.toLowerCase(),
    messageKey: 'message',
    base: { source },
    timestamp: () => `,"date":"${new Date().toISOString()}"`,
    formatters: {
      level: (label) => ({ level: levelInLine(label.toUpperCase(), levelNames) }),
      log: (entry) => toLogLine(entry, redactor),
    },
    // A message is redacted after it is formatted: a censor in place of a `%s` would shift the values that follow.
    serializers: { req: asIs, res: asIs, message: (message) => redactText(message, redactor) },
    mixin: (_entry, _level, logger) => {
      redactBindings(logger, redactor)
      return moduleOf(logger)
    },
    hooks: {
      logMethod(args, method) {
        method.apply(this, redactValues(args, redactor) as Parameters<typeof method>)
      },
    },
    stream: multistream(
      sinks.map(({ level, sink }) => ({
        level: level.toLowerCase() as PinoLevel,
        stream: { write: (line: string) => sink.write(printableLine(line)) },
      })),
    ),
  }
}

// `toLogLine` has already made plain data of the request and the reply, for which Fastify's own serializers are not made.
function asIs(value: unknown): unknown {
  return value
}

/** Python's log lines name the module that logs. Here it is the binding `module` of a child logger, and null without one. */
function moduleOf(logger: object): { module: null } | Record<never, never> {
  return bindingsOf(logger).includes(',"module":') ? {} : { module: null }
}

// The bindings of the child logger that Fastify makes for each request. They hold no secret, so they are not redacted.
const REQUEST_BINDINGS = /^,"source":"[^"\\]*","reqId":"[\w-]*"$/

/** The key under which a logger keeps its redacted bindings. */
const REDACTED = Symbol('redacted bindings')

/**
 * Redacts the bindings of a logger before it writes a line. pino's own formatter for bindings is called only for the first logger,
 * not for its children.
 */
function redactBindings(logger: object, redactor: Redactor): void {
  const bindings = bindingsOf(logger)
  if (bindings === (logger as { [REDACTED]?: string })[REDACTED]) return
  const redacted = REQUEST_BINDINGS.test(bindings) ? bindings : redactedBindings(bindings, redactor)
  if (redacted !== bindings) setBindings(logger, redacted)
  Object.assign(logger, { [REDACTED]: redacted })
}

function redactedBindings(bindings: string, redactor: Redactor): string {
  if (bindings === '') return bindings
  const redacted = redactor.json(`{${bindings.slice(1)}}`)
  const isObject = redacted.startsWith('{') && redacted.length > 2
  return isObject ? `,${redacted.slice(1, -1)}` : ''
}

/**
 * Redacts each of the values of a call such as `log.info(object, message, ...values)`. The object is redacted by `toLogLine`, the
 * message after it is formatted.
 */
function redactValues(args: readonly unknown[], redactor: Redactor): readonly unknown[] {
  const [first, message] = args
  if (typeof first !== 'object' || first === null) {
    const formatAt = first === undefined || first === null ? 1 : 0
    return args.map((arg, at) => (at === formatAt ? arg : redactText(arg, redactor)))
  }
  const error = isErrorObject(first) ? first : (first as { err?: unknown }).err
  const entry = isErrorObject(first) ? { err: first } : first
  const text = message ?? (isErrorObject(error) ? readField(error, 'message') : undefined)
  if (text === undefined) return [entry]
  return [entry, text, ...args.slice(2).map((value) => redactText(value, redactor))]
}

function redactText(value: unknown, redactor: Redactor): unknown {
  return typeof value === 'string' ? redactor.text(value) : redactor.value(value)
}

function reportToStderr(sink: SinkName): SinkListener {
  const write = (text: string): void => {
    process.stderr.write(`fastify-scs: the application log (${sink}) ${text}\n`)
  }
  return {
    onFailure: (error) => write(`cannot be written; its lines wait: ${String(error)}`),
    onRecovery: () => write('is written again'),
    onLoss: (lines, reason) => write(`has lost ${lines} waiting lines: ${reason}`),
    onWarning: (text) => write(`warns: ${text}`),
  }
}

/** Makes the fields of a line of the application log: plain data, limited in size and redacted. An error becomes its type and stack. */
export function toLogLine(entry: object, redactor: Redactor): Record<string, unknown> {
  const { err, req, res, ...rest } = entry as Record<string, unknown>
  return {
    ...(redactor.value(rest) as Record<string, unknown>),
    ...(req === undefined ? {} : { req: describeRequest(req, redactor) }),
    ...(res === undefined ? {} : { res: { statusCode: (res as Reply | null)?.statusCode } }),
    ...describeError(err, redactor),
  }
}

/** The fields that are read of Fastify's request. An application may log any value as `req`. */
interface Request {
  readonly method?: string
  readonly url?: string
  readonly host?: string
  readonly ip?: string
  readonly socket?: { readonly remotePort?: number }
}

interface Reply {
  readonly statusCode?: number
}

function describeRequest(req: unknown, redactor: Redactor): Record<string, unknown> {
  const { method, url, host, ip, socket } = (req ?? {}) as Request
  return {
    method,
    url: url === undefined ? undefined : redactor.url(url),
    host,
    remoteAddress: ip,
    remotePort: socket?.remotePort,
  }
}

function describeError(err: unknown, redactor: Redactor): Record<string, unknown> {
  if (err === undefined) return { errorType: null, errorInfo: null }
  const description = descriptionOf(err) ?? describeThrown(err, redactor)
  return { errorType: description.name, errorInfo: stackWithCauses(description) }
}
