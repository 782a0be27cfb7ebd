import { inspect } from 'node:util'
import type {
  AuditEvent,
  AuditEventDefinition,
  JsonValue,
  Level,
  TemplateFields,
} from '@fastify-scs/core'
import { follow, type TestedApp } from './follow.js'
import { ItemView, type WaitOptions, type Wanted } from './view.js'

/** One audit event. */
export interface SeenAuditEvent<Template extends string = string> {
  readonly type: string
  readonly level: Level
  /** The filled-in template. */
  readonly message: string
  /** Redacted, as the line has them. */
  readonly details: DetailsOf<Template>
  /** ISO 8601, UTC. */
  readonly date: string
  /** Null for an event outside of a request. */
  readonly requestId: string | null
}

type AnyDetails = { readonly [key: string]: JsonValue }

type DetailsOf<Template extends string> = string extends Template
  ? AnyDetails
  : AnyDetails & { readonly [Field in TemplateFields<Template>]: JsonValue }

/** Which events are meant: those of a defined event, those of a type, or those that the function returns true for. */
export type WantedEvent<Template extends string> =
  | AuditEventDefinition<Template>
  | Wanted<SeenAuditEvent<Template>>

/** The audit events of an app since the view was made. */
export interface AuditTrailView {
  /** Those that were added so far, the oldest first. */
  all<Template extends string = string>(
    wanted?: WantedEvent<Template>,
  ): Promise<readonly SeenAuditEvent<Template>[]>
  /** The only one. @throws AssertionError where there is none, or more than one */
  one<Template extends string = string>(
    wanted?: WantedEvent<Template>,
  ): Promise<SeenAuditEvent<Template>>
  /** The first one, which may be there already or come later. @throws AssertionError where none comes in time */
  waitFor<Template extends string = string>(
    wanted?: WantedEvent<Template>,
    options?: WaitOptions,
  ): Promise<SeenAuditEvent<Template>>
  /** Forgets what it has seen so far. */
  clear(): void
  /** Sees nothing more. Not needed where the app ends with the test. */
  end(): void
}

/**
 * Shows the audit events that an app adds from now on. May be called before the app is ready.
 *
 * @throws SCS_TESTING_ERR_APP, SCS_TESTING_ERR_NO_CORE
 */
export function auditTrail(app: TestedApp): AuditTrailView {
  const traits = { noun: 'audit event', nameOf: typeOf, describe }
  let count = 0
  const view = new ItemView<SeenAuditEvent>(traits, (add) =>
    follow('auditTrail', app, (scs) =>
      scs.audit.subscribe((event, request) => {
        const requestId = request === undefined ? null : scs.redactor.text(String(request.id))
        add(String(count++), seenOf(event, requestId))
      }),
    ),
  )
  // A view of all events is one of those of each template: the details are what the template names, and more.
  return {
    all: (wanted) => view.all(wantedOf(wanted)),
    one: (wanted) => view.one(wantedOf(wanted)),
    waitFor: (wanted, options) => view.waitFor(wantedOf(wanted), options),
    clear: () => view.clear(),
    end: () => view.end(),
  } as AuditTrailView
}

function seenOf({ level, message, date, event }: AuditEvent, requestId: string | null) {
  const { type, details } = event
  return { type, level, message, details, date, requestId }
}

function wantedOf<Template extends string>(
  wanted: WantedEvent<Template> | undefined,
): Wanted<SeenAuditEvent> | undefined {
  if (wanted === undefined || typeof wanted === 'string') return wanted
  if ('messageTemplate' in wanted) return wanted.type
  // It is called with what the template names, and more.
  return wanted as unknown as Wanted<SeenAuditEvent>
}

function typeOf({ type }: SeenAuditEvent): string {
  return type
}

function describe({ type, message, details }: SeenAuditEvent): string {
  return `${type}: ${message} ${inspect(details, { breakLength: Number.POSITIVE_INFINITY })}`
}
