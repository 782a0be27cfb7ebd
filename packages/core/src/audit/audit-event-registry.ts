import { type RegisterCall, RegistrationPlace } from '../errors/stack-trace.js'
import { AuditEventUnknownError, ConflictError } from '../errors.js'
import { compileTemplate, type MessageTemplate } from '../kit/message-template.js'
import { show } from '../kit/unknown-value.js'
import { type Level, parseLevel } from '../log/level.js'
import {
  type AuditEventDefinition,
  checkAuditEventDefinition,
  type DefinedAuditEvent,
  defineAuditEvent,
  isDefinedAuditEvent,
} from './audit-event.js'

/** One registered type of audit events. */
export interface RegisteredAuditEvent {
  readonly level: Level
  readonly template: MessageTemplate
  /** What `register` returned for it. */
  readonly defined: AuditEventDefinition
  readonly place: RegistrationPlace
}

/** The audit event types of one app. */
export class AuditEventRegistry {
  readonly #byType = new Map<string, RegisteredAuditEvent>()

  /**
   * Registers a type and returns the typed event: the first one, where the same contents are registered again.
   *
   * @param calls the functions that were called to register it; their caller is its place in the code
   * @throws SCS_ERR_DEFINITION, SCS_ERR_TEMPLATE; SCS_ERR_CONFLICT when the type has another level or template
   */
  register<const Template extends string>(
    source: AuditEventDefinition<Template>,
    ...calls: readonly RegisterCall[]
  ): DefinedAuditEvent<Template> {
    const { type, messageTemplate } = checkAuditEventDefinition('registerAuditEvent', source)
    const level = parseLevel(source.level) as Level
    const known = this.#byType.get(type)
    if (known?.level === level && known.defined.messageTemplate === messageTemplate) {
      // The same template is the same type.
      return known.defined as unknown as DefinedAuditEvent<Template>
    }
    // A defined event that was not registered registers itself when it is called: its caller is the place then.
    const outermost = isDefinedAuditEvent(source) ? [source as RegisterCall] : []
    const place = new RegistrationPlace(...outermost, ...calls)
    if (known !== undefined) {
      const first = `${known.level} ${show(known.defined.messageTemplate)} at ${known.place}`
      const second = `${level} ${show(messageTemplate)} at ${place}`
      throw new ConflictError(`The audit event type "${type}"`, first, second)
    }
    const template = compileTemplate(`Audit event "${type}"`, messageTemplate)
    const defined = isDefinedAuditEvent(source)
      ? (source as DefinedAuditEvent<Template>)
      : defineAuditEvent(source)
    this.#byType.set(type, { level, template, defined, place })
    return defined
  }

  /**
   * The registered type of this name.
   *
   * @throws SCS_ERR_AUDIT_EVENT_UNKNOWN
   */
  get(type: string): RegisteredAuditEvent {
    const known = this.#byType.get(type)
    if (known === undefined) throw new AuditEventUnknownError(String(type))
    return known
  }

  /** All types, in the order of registration. */
  list(): readonly AuditEventDefinition[] {
    return [...this.#byType.values()].map(({ level, defined: { type, messageTemplate } }) => ({
      type,
      level,
      messageTemplate,
    }))
  }
}
