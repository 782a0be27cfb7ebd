import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FailureObserver } from './answer/error-answerer.js'
import type { AuditEventDefinition, DefinedAuditEvent } from './audit/audit-event.js'
import type { AuditStats } from './audit/audit-log.js'
import type { AuditListener } from './audit/audit-trail.js'
import type { ClientError } from './catalogue/client-errors.js'
import type { DetailsSchema } from './errors/details-schema.js'
import type { DefinedError, ErrorDefinition } from './errors/error-definition.js'
import type { ExceptionDefinition } from './errors/exception-registry.js'
import type { Failure } from './errors/failure.js'
import type { RouteErrors } from './errors/route-errors.js'
import type { CallbackFailureCounts } from './kit/callback-failures.js'
import type { RecordFeed } from './kit/record-feed.js'
import type { Lifecycle } from './lifecycle/lifecycle.js'
import type { Redactor } from './redact/redactor.js'
import type { RequestFacts } from './request/request-facts.js'

/** What the core plugin decorates the app with, as `app.scs`. */
export interface Scs {
  /** The service's name, `source` of every audit line. */
  readonly source: string
  /** The redactor that everything passes through. */
  readonly redactor: Redactor

  /**
   * Registers an error answer and returns its factory: `throw rateLimited()`. The first id that is registered for a code is the
   * default of the code, unless another has `isDefault`.
   *
   * `{field}` in the message is filled in when the error is thrown, from `params` or `details`; a TypeBox schema in `details` types them.
   *
   * @throws SCS_ERR_DEFINITION when a field is wrong; SCS_ERR_TEMPLATE when the message has a brace that is no field's;
   * SCS_ERR_CONFLICT when the id has another message or other details for the code
   */
  registerError<
    const Id extends string,
    const Message extends string,
    Schema extends DetailsSchema = DetailsSchema,
  >(definition: ErrorDefinition<Id, Message, Schema>): DefinedError<Id, Message, Schema>

  /**
   * Registers an exception class: its instances are answered with 500 and the id. The most specific registered class wins.
   *
   * @throws SCS_ERR_DEFINITION when a field is wrong; SCS_ERR_CONFLICT when the class has another id, or the id another message
   */
  registerException(definition: ExceptionDefinition): void

  /**
   * Registers a kind of audit event and returns it typed: `done(request, { terribleThing })`.
   *
   * @throws SCS_ERR_DEFINITION, SCS_ERR_TEMPLATE when a field is wrong; SCS_ERR_CONFLICT when the type has another level or template
   */
  registerAuditEvent<const Template extends string>(
    definition: AuditEventDefinition<Template>,
  ): DefinedAuditEvent<Template>

  /**
   * Adds an audit event outside of a request: in a job, a CLI.
   *
   * @throws SCS_ERR_AUDIT_EVENT_UNKNOWN, SCS_ERR_AUDIT_FIELD_MISSING
   */
  addAuditEvent(type: string, details?: Readonly<Record<string, unknown>>): void

  /** The registered errors, by code in the order of registration. */
  readonly errors: readonly ErrorDefinition[]
  /** The registered exception classes. */
  readonly exceptions: readonly Required<ExceptionDefinition>[]
  /** The registered audit event types. */
  readonly auditEvents: readonly AuditEventDefinition[]
  /** The errors that the routes declare with `throws`. */
  readonly routes: readonly RouteErrors[]
  /** The errors that clients can get, by code and id, with the routes that declare them. Complete once the app is ready. */
  clientErrors(): readonly ClientError[]
  /**
   * The errors that routes declare and that have not happened yet, for tests.
   *
   * @throws SCS_ERR_THROWS_NOT_WATCHED without the option `enforceThrows`
   */
  unusedThrows(): readonly RouteErrors[]

  readonly audit: {
    /** How much the audit log has written, and how often it failed. */
    stats(): AuditStats
    /**
     * Opens the audit file anew at its path, after another program has moved it; without this call that is noticed within a second. A
     * failure is logged to the application's log.
     */
    reopen(): void
    /** Calls a listener with every further event, right after its line is written; the returned function ends it. */
    subscribe(listener: AuditListener): () => void
  }
  /**
   * Answers a request with what was thrown, as core's error handler does: for frameworks that have an error handler of their
   * own. Never throws. After an answer was sent it only logs and reports.
   */
  answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void
  /**
   * How core would answer what was thrown, without answering, logging or reporting it: for protocols with an error format of their own,
   * such as GraphQL. Never throws.
   */
  failureOf(thrown: unknown): Failure
  /** Calls an observer with every further failure, before its answer is made; the returned function ends it. */
  observeFailures(observer: FailureObserver): () => void
  /** Who makes a request, by the option `user`; null when nobody is known. Never throws. */
  userOf(request: FastifyRequest): string | number | null
  /** What plugins know of a request, for reports. */
  readonly requestFacts: RequestFacts
  /** What the plugins report and record, as it happens. */
  readonly records: RecordFeed
  /** Tells plugins of each request's arrival and of the head of its answer. */
  readonly lifecycle: Lifecycle
  /** How often functions of the application and of other plugins have failed. */
  stats(): { readonly callbackFailures: CallbackFailureCounts }
}
