import createError, { type FastifyErrorConstructor } from '@fastify/error'

/** One coded error of the catalog. */
export interface CodedError {
  /** What the error says; `%s` are filled in. */
  readonly message: string
  /** What to do about it, for docs/reference/errors.md. */
  readonly fix: string
}

/** The codes of the errors that core itself throws at a developer. */
export type ScsErrorCode =
  | 'SCS_ERR_OPTIONS'
  | 'SCS_ERR_ALREADY_REGISTERED'
  | 'SCS_ERR_DEFINITION'
  | 'SCS_ERR_CONFLICT'
  | 'SCS_ERR_TEMPLATE'
  | 'SCS_ERR_AUDIT_EVENT_UNKNOWN'
  | 'SCS_ERR_AUDIT_FIELD_MISSING'
  | 'SCS_ERR_LOG_FILE'
  | 'SCS_ERR_SYMBOLIC_LINK'
  | 'SCS_ERR_THROWS'

/** Every error that core itself throws at a developer, by code. */
export const errorCatalog: Readonly<Record<ScsErrorCode, CodedError>> = {
  SCS_ERR_OPTIONS: {
    message: 'Option %s: expected %s, got %s',
    fix: 'Correct the option; its path and what was expected are in the message.',
  },
  SCS_ERR_ALREADY_REGISTERED: {
    message: 'The plugin @fastify-scs/core is already registered in this context or one above it',
    fix: 'Register it once, in the outermost context that needs it.',
  },
  SCS_ERR_DEFINITION: {
    message: '%s: field "%s" must be %s, got %s',
    fix: 'Correct the field of the definition that the message names.',
  },
  SCS_ERR_CONFLICT: {
    message: '%s is already registered by another definition: %s, and now %s',
    fix: 'Both places are in the message. Choose another id or type (prefix it with your package name), or give both the same contents.',
  },
  SCS_ERR_TEMPLATE: {
    message: 'Audit event "%s": the message template %s: %s',
    fix: 'Write fields as {name}, and {{ or }} for a brace.',
  },
  SCS_ERR_AUDIT_EVENT_UNKNOWN: {
    message: 'The audit event type "%s" is not registered',
    fix: 'Register it with app.scs.registerAuditEvent before adding it.',
  },
  SCS_ERR_AUDIT_FIELD_MISSING: {
    message: 'The audit event "%s" needs the field "%s", which its message template names',
    fix: 'Pass the field in the details.',
  },
  SCS_ERR_LOG_FILE: {
    message: 'The log file %s cannot be opened: %s',
    fix: 'Create its folder and make it writable for the process.',
  },
  SCS_ERR_SYMBOLIC_LINK: {
    message: '%s is a symbolic link, and its target is not a %s of this user',
    fix: 'Give the path itself, or let the link lead to something that belongs to the user of the process.',
  },
  SCS_ERR_THROWS: {
    message: 'Route %s: "throws" names %s, which is %s',
    fix: 'Name a registered id, a defined error or a ServiceError class.',
  },
}

function coded<C extends ScsErrorCode, Args extends unknown[]>(
  code: C,
): FastifyErrorConstructor<{ code: C }, Args> {
  return createError<C, Args>(code, errorCatalog[code].message, 500)
}

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError: FastifyErrorConstructor<
  { code: 'SCS_ERR_OPTIONS' },
  [path: string, expected: string, found: string]
> = coded('SCS_ERR_OPTIONS')

/** The plugin was registered a second time. */
export const AlreadyRegisteredError: FastifyErrorConstructor<
  { code: 'SCS_ERR_ALREADY_REGISTERED' },
  []
> = coded('SCS_ERR_ALREADY_REGISTERED')

/** A definition (error, exception, audit event, error class) has a wrong field. */
export const DefinitionError: FastifyErrorConstructor<
  { code: 'SCS_ERR_DEFINITION' },
  [call: string, field: string, expected: string, found: string]
> = coded('SCS_ERR_DEFINITION')

/** An id, class or type was registered twice, with other contents: each definition with its place. */
export const ConflictError: FastifyErrorConstructor<
  { code: 'SCS_ERR_CONFLICT' },
  [what: string, first: string, second: string]
> = coded('SCS_ERR_CONFLICT')

/** A message template cannot be read. */
export const TemplateError: FastifyErrorConstructor<
  { code: 'SCS_ERR_TEMPLATE' },
  [type: string, template: string, reason: string]
> = coded('SCS_ERR_TEMPLATE')

/** An audit event of an unregistered type was added. */
export const AuditEventUnknownError: FastifyErrorConstructor<
  { code: 'SCS_ERR_AUDIT_EVENT_UNKNOWN' },
  [type: string]
> = coded('SCS_ERR_AUDIT_EVENT_UNKNOWN')

/** A field that the template names was not given. */
export const AuditFieldMissingError: FastifyErrorConstructor<
  { code: 'SCS_ERR_AUDIT_FIELD_MISSING' },
  [type: string, field: string]
> = coded('SCS_ERR_AUDIT_FIELD_MISSING')

/** A log file cannot be opened at start-up. */
export const LogFileError: FastifyErrorConstructor<
  { code: 'SCS_ERR_LOG_FILE' },
  [path: string, reason: string]
> = coded('SCS_ERR_LOG_FILE')

/** A path is a symbolic link to something that is not ours. */
export const SymbolicLinkError: FastifyErrorConstructor<
  { code: 'SCS_ERR_SYMBOLIC_LINK' },
  [path: string, kind: string]
> = coded('SCS_ERR_SYMBOLIC_LINK')

/** A route's `throws` names something that cannot be answered. */
export const ThrowsError: FastifyErrorConstructor<
  { code: 'SCS_ERR_THROWS' },
  [route: string, item: string, reason: string]
> = coded('SCS_ERR_THROWS')
