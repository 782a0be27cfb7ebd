import type { JsonValue } from '@fastify-scs/core'
import type { GroupStatus, ReportKind } from '@fastify-scs/core/kit'

/** One error of a chain of causes. */
export type CauseReport = {
  /** Its `name`, or its class where that says more. */
  readonly name: string
  readonly message: string
  readonly code: string | null
  /** The lines of its stack trace. */
  readonly trace: string[]
  /** The errors of an AggregateError or a SuppressedError. */
  readonly errors?: PartReport[]
  /** How many more errors it has than are shown. */
  readonly errors_left_out?: number
}

/** One of the errors of an AggregateError or a SuppressedError. */
export type PartReport = CauseReport & {
  /** Its causes, outermost first. */
  readonly causes?: CauseReport[]
}

/** The answer that the client got. */
export type ResponseReport = {
  /** HTTP status code that was sent. */
  readonly status: number
  readonly error_code: string
  readonly error_description: string
  readonly user_message: string | null
  /** Whether the answer had begun and was cut off. */
  readonly interrupted: boolean
}

/** Who made the request. */
export type UserReport = {
  readonly id: string | number | null
  /** 1 when the user is known. */
  readonly is_auth: 0 | 1
  /** Null when the client had gone before anything asked for its address. */
  readonly ip: string | null
  readonly forwarded_ip: string | null
  readonly user_agent: string | null
  /** What the option `reportUser` returns. */
  readonly name?: string | null
  readonly email?: string | null
  readonly language?: string | null
}

/** The request, redacted and cut. */
export type RequestReport = {
  readonly id: string
  readonly method: string
  readonly url: string
  /** The URL without the query. */
  readonly base_url: string
  readonly path: string
  /** The route's pattern; null for an unknown route. */
  readonly route: string | null
  readonly headers: JsonValue
  readonly query: JsonValue
  readonly params: JsonValue
  readonly body: JsonValue
}

/** The lines of code around one frame of a report. */
export type CodeReport = {
  /** The line of the trace that it is about, as it stands there. */
  readonly frame: string
  /** The file, from the application's root on, with `/`; the TypeScript file where a source map names it. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** The number of the first of `lines`, from 1. */
  readonly first_line: number
  /** Redacted and cut; empty where the map names a place and there is no text of it. */
  readonly lines: string[]
}

/** The service that reports. */
export type ServerReport = {
  readonly fqdn: string
  readonly port: number | null
  readonly api_name: string
  readonly api_version: string | null
  /** The git commit that runs; null where it is not known. */
  readonly commit: string | null
  readonly environment: string
  readonly pid: number
  readonly node_version: string
  readonly uptime_seconds: number
  /** Bytes. */
  readonly memory: { readonly rss: number; readonly heap_used: number; readonly heap_total: number }
  /** How late timers were in the last 10 to 20 seconds, in milliseconds. */
  readonly event_loop_delay: { readonly mean: number; readonly p99: number; readonly max: number }
}

/** The group of errors that this one belongs to. */
export type GroupReport = {
  /** How often it has occurred since `first_seen`. */
  readonly occurrences: number
  /** How many occurrences were not reported since the last report of the group. */
  readonly suppressed: number
  /** How many reports of any group the limit a minute has held back since the last report. */
  readonly held_back: number
  /** ISO 8601, UTC. */
  readonly first_seen: string
  readonly last_seen: string
  /** What has been decided about the group in the store; `open` without a store. */
  readonly status: GroupStatus
  /** Whether it was resolved and has come again in a newer release: true in one report, whatever instances report. */
  readonly is_regression: boolean
}

/** A crash report: plain data, redacted, bounded. From PyMacaron's crash dump, whose names it keeps. */
export type CrashReport = {
  /** UUID v7 of this report. */
  readonly id: string
  title: string
  readonly is_fatal_error: boolean
  /** `fatal`, `non-fatal`, or what a plugin has said: `slow`, `stuck`, `blocked`. */
  readonly kind: ReportKind
  /** The id that the answer, the log line and other services' reports of the same error show. */
  readonly error_id: string
  readonly fingerprint: string
  /** The lines of the error's stack trace. */
  trace: string[]
  /** The code around the application's own frames of `trace`, `stack` and the causes' traces, each place once; read after the answer has left. */
  code: CodeReport[]
  /** Where `reportError` was called; empty for a crash. */
  stack: string[]
  /** What was thrown or passed as `caught`; null if nothing was. */
  error_caught: JsonValue
  /** The causes of the error, outermost first. */
  causes: CauseReport[]
  /** What was passed as `data`. */
  data: JsonValue
  /** When the request began and the report was built, as ISO 8601, and the microseconds between. */
  readonly time: { readonly start: string; readonly end: string; readonly microsecs: number }
  response: ResponseReport | null
  user: UserReport | null
  server: ServerReport
  request: RequestReport | null
  /** One id for a call across services. */
  readonly call_id: string | null
  readonly call_path: string | null
  /** Of the active span of OpenTelemetry, or of the span of the request if that is another trace; else of the request's header `traceparent`. */
  readonly trace_id: string | null
  /** Of the active span. */
  readonly span_id: string | null
  /** What plugins know of the request, such as its audit events and outbound calls. */
  facts: { [name: string]: JsonValue }
  readonly group: GroupReport
}
