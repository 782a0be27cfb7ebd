import { AuditEventUnknownError, ConflictError } from '../coded-errors.js'
import { type Level, parseLevel } from '../log/level.js'
import {
  type AuditEventDefinition,
  checkAuditEventDefinition,
  type DefinedAuditEvent,
  defineAuditEvent,
  isDefinedAuditEvent,
} from './audit-event.js'
import { compileTemplate, type MessageTemplate } from './message-template.js'

/** One registered type, ready to make lines. */
export interface RegisteredAuditEvent {
  readonly level: Level
  readonly template: MessageTemplate
  /** The object that was registered; registering the very same one again is no conflict. */
  readonly source: AuditEventDefinition
  /** What `register` returned for it. */
  readonly defined: AuditEventDefinition
}

/** The audit event types of one app. */
export class AuditEventRegistry {
  readonly #byType = new Map<string, RegisteredAuditEvent>()

  /**
   * Registers a type and returns the typed event.
   *
   * @throws SCS_ERR_DEFINITION, SCS_ERR_TEMPLATE, SCS_ERR_CONFLICT
   */
  register<const Template extends string>(
    source: AuditEventDefinition<Template>,
  ): DefinedAuditEvent<Template> {
    const { type, messageTemplate } = checkAuditEventDefinition('registerAuditEvent', source)
    const known = this.#byType.get(type)
    if (known !== undefined) {
      // The very same definition has the very same template, hence the same type.
      const same = known.defined as unknown as DefinedAuditEvent<Template>
      if (known.source === source || same === source) return same
      throw new ConflictError(`The audit event type "${type}"`)
    }
    const template = compileTemplate(type, messageTemplate)
    const defined = isDefinedAuditEvent(source)
      ? (source as DefinedAuditEvent<Template>)
      : defineAuditEvent(source)
    const level = parseLevel(source.level) as Level
    this.#byType.set(type, { level, template, source, defined })
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
