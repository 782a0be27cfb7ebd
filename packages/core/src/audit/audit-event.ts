import type { FastifyInstance, FastifyRequest } from 'fastify'
import { checkText } from '../errors/error-definition.js'
import { DefinitionError } from '../errors.js'
import type { JsonValue } from '../json/json-value.js'
import type { TemplateFields } from '../kit/message-template.js'
import { show } from '../kit/unknown-value.js'
import { LEVELS, type Level, type LevelName, parseLevel } from '../log/level.js'

/** A kind of audit event. From SCS `register_audit_event`. */
export interface AuditEventDefinition<Template extends string = string> {
  /** The event's type, by convention prefixed with the package name. */
  readonly type: string
  readonly level: LevelName
  /** The line's message; `{field}` is filled in from the details. */
  readonly messageTemplate: Template
}

/** The details of an event. In a request, `ip`, `path` and `user` are always the request's own; outside of one they may be given. */
export type AuditEventDetails<Template extends string> = string extends Template
  ? Readonly<Record<string, unknown>>
  : { readonly [Field in Exclude<TemplateFields<Template>, FilledIn>]: unknown } & {
      readonly [Field in FilledIn]?: unknown
    }

type FilledIn = 'ip' | 'path' | 'user'

type DetailsArgument<Template extends string> =
  Record<never, never> extends AuditEventDetails<Template>
    ? [details?: AuditEventDetails<Template>]
    : [details: AuditEventDetails<Template>]

/** A definition that can be called: `done(request, { terribleThing })`, or with the app outside of a request. */
export interface DefinedAuditEvent<Template extends string = string>
  extends AuditEventDefinition<Template> {
  /**
   * Adds the event; its line is written before the call returns. An event that is not registered is registered by its first call, with a warning.
   *
   * @throws SCS_ERR_AUDIT_FIELD_MISSING, SCS_ERR_TEMPLATE
   */
  (target: FastifyRequest | FastifyInstance, ...details: DetailsArgument<Template>): void
}

/** One event as its line shows it. */
export interface AuditEvent {
  readonly level: Level
  /** ISO 8601, UTC. */
  readonly date: string
  readonly message: string
  readonly event: {
    readonly type: string
    readonly details: { readonly [key: string]: JsonValue }
  }
  readonly source: string
}

/**
 * Makes a typed event at module level, without an app; `app.scs.registerAuditEvent` takes it.
 *
 * @throws SCS_ERR_DEFINITION when a field is wrong
 */
export function defineAuditEvent<const Template extends string>(
  definition: AuditEventDefinition<Template>,
): DefinedAuditEvent<Template> {
  const { type, level, messageTemplate } = checkAuditEventDefinition('defineAuditEvent', definition)
  const write = (target: FastifyRequest | FastifyInstance, details: object): void => {
    if ('addAuditEvent' in target) target.addAuditEvent(type, { ...details })
    else target.scs.addAuditEvent(type, { ...details })
  }
  const add = (target: FastifyRequest | FastifyInstance, details: object = {}): void => {
    try {
      write(target, details)
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'SCS_ERR_AUDIT_EVENT_UNKNOWN') throw error
      registerLate(defined, target)
      write(target, details)
    }
  }
  const defined = Object.freeze(Object.assign(add, { type, level, messageTemplate }))
  return defined
}

/**
 * Registers an event at its first call, and warns once. A defined event belongs to no app, so its use is not known before; its
 * definition is complete, and neither must the event be lost nor the request fail.
 */
function registerLate(event: AuditEventDefinition, target: FastifyRequest | FastifyInstance): void {
  const app = 'addAuditEvent' in target ? target.server : target
  app.scs.registerAuditEvent(event)
  app.log.warn(
    { type: event.type },
    'an audit event was used that is not registered; call app.scs.registerAuditEvent with it at start-up',
  )
}

/** Whether this is what `defineAuditEvent` or `registerAuditEvent` returned. */
export function isDefinedAuditEvent(value: unknown): value is DefinedAuditEvent {
  return typeof value === 'function' && 'type' in value && 'messageTemplate' in value
}

/** Checks the fields of a definition and returns it. */
export function checkAuditEventDefinition<Template extends string>(
  call: string,
  definition: AuditEventDefinition<Template>,
): AuditEventDefinition<Template> {
  if ((typeof definition !== 'object' && typeof definition !== 'function') || definition === null) {
    throw new DefinitionError(
      call,
      'definition',
      '{ type, level, messageTemplate }',
      show(definition),
    )
  }
  checkText(call, 'type', definition.type)
  checkText(call, 'messageTemplate', definition.messageTemplate)
  if (parseLevel(definition.level) === undefined) {
    throw new DefinitionError(call, 'level', `one of ${LEVELS.join(', ')}`, show(definition.level))
  }
  return definition
}
