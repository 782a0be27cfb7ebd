import { coded } from './kit/coded.js'

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError = coded(
  'SCS_ERR_OPTIONS',
  'Option %s: expected %s, got %s',
  'Correct the option; its path and what was expected are in the message.',
)

/** The plugin was registered a second time. */
export const AlreadyRegisteredError = coded(
  'SCS_ERR_ALREADY_REGISTERED',
  'The plugin @fastify-scs/core is already registered in this context or one above it',
  'Register it once, in the outermost context that needs it. The plugin fastify-scs registers it, and the others, itself.',
)

/** A definition (error, exception, audit event, error class) has a wrong field. */
export const DefinitionError = coded(
  'SCS_ERR_DEFINITION',
  '%s: field "%s" must be %s, got %s',
  'Correct the field of the definition that the message names.',
)

/** An id, class or type was registered twice, with other contents: each definition with its place. */
export const ConflictError = coded(
  'SCS_ERR_CONFLICT',
  '%s is already registered by another definition: %s, and now %s',
  'Both places are in the message. Choose another id or type (prefix it with your package name), or give both the same contents.',
)

/** A message template cannot be read. */
export const TemplateError = coded(
  'SCS_ERR_TEMPLATE',
  '%s: the message template %s: %s',
  'Write fields as {name}, and double a brace that is text: {{ or }}.',
)

/** An audit event of an unregistered type was added. */
export const AuditEventUnknownError = coded(
  'SCS_ERR_AUDIT_EVENT_UNKNOWN',
  'The audit event type "%s" is not registered',
  'Register it with app.scs.registerAuditEvent before adding it.',
)

/** A field that the template names was not given. */
export const AuditFieldMissingError = coded(
  'SCS_ERR_AUDIT_FIELD_MISSING',
  'The audit event "%s" needs the field "%s", which its message template names',
  'Pass the field in the details.',
)

/** A log file cannot be opened at start-up. */
export const LogFileError = coded(
  'SCS_ERR_LOG_FILE',
  'The log file %s cannot be opened: %s',
  'Create its folder and make it writable for the process.',
)

/** A path is a symbolic link to something that is not ours. */
export const SymbolicLinkError = coded(
  'SCS_ERR_SYMBOLIC_LINK',
  '%s is a symbolic link, and its target is not a %s of this user',
  'Give the path itself, or let the link lead to something that belongs to the user of the process.',
)

/** A route's `throws` names something that cannot be answered. */
export const ThrowsError = coded(
  'SCS_ERR_THROWS',
  'Route %s: "throws" names %s, which is %s',
  'Name a registered id, a defined error or a ServiceError class.',
)

/** Routes were declared before core, and the option `strictOrder` forbids that. */
export const RouteOrderError = coded(
  'SCS_ERR_ROUTE_ORDER',
  'Routes were declared before @fastify-scs/core: %s',
  'Register core before the routes and the plugins that declare some: their errors would be answered by Fastify, with the text of the error.',
)

/** A route has answered with an error that it does not declare, and the option `enforceThrows` forbids that. */
export const UndeclaredError = coded(
  'SCS_ERR_THROWS_UNDECLARED',
  'Route %s has answered with %s "%s", which its "throws" does not declare: add the error or "%s" to the list',
  "Add the error, its id or its ServiceError class to the route's `throws`.",
)

/** What has not happened was asked for, and nobody has watched. */
export const ThrowsNotWatchedError = coded(
  'SCS_ERR_THROWS_NOT_WATCHED',
  'unusedThrows() knows nothing without the option enforceThrows: true',
  'Register core with `enforceThrows: true`, in tests only.',
)
