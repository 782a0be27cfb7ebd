import { coded } from '@fastify-scs/core/kit'

export * from './mcp/errors.js'

/** No store is named: neither by `--store` nor by the variable. */
export const NoStoreError = coded(
  'SCS_CLI_ERR_NO_STORE',
  'No store is named',
  'Add --store sqlite:./scs.db (or postgres://user@host/database), or set the environment variable SCS_STORE_URL.',
)

/** An argument or option has a wrong value: which one, what was expected, what was found. */
export const UsageError = coded(
  'SCS_CLI_ERR_USAGE',
  '%s takes %s, not %s',
  'Correct the argument; --help of the command has an example.',
)

/** What was asked for is not in the store: what it is. */
export const NotFoundError = coded(
  'SCS_CLI_ERR_NOT_FOUND',
  '%s is not in the store',
  'Check the id and the store; retention may have removed it.',
)

/** A group was changed by somebody else between reading and changing: its fingerprint. */
export const ChangedMeanwhileError = coded(
  'SCS_CLI_ERR_CHANGED_MEANWHILE',
  'Somebody else has changed the group %s at the same moment; nothing was changed',
  'Look at it again with "fastify-scs groups", and repeat the command if it is still right.',
)

/** Records would be removed, and nobody has said yes: what would be removed. */
export const NotConfirmedError = coded(
  'SCS_CLI_ERR_NOT_CONFIRMED',
  'Nothing was removed: %s',
  'Answer y, or add --yes where nobody can be asked.',
)

/** Another process removes records from the store. */
export const PruneBusyError = coded(
  'SCS_CLI_ERR_PRUNE_BUSY',
  'Another process removes records from this store at the moment; %s are left',
  'Run the command again when it has finished.',
)

/** The change was made, and the audit event about it is not stored: what was done. */
export const AuditLostError = coded(
  'SCS_CLI_ERR_AUDIT_LOST',
  'It was done (%s), but the audit event that says so could not be stored',
  'See with "fastify-scs doctor" why the store takes no records, and note the change yourself.',
)

/** A code is in no catalogue: the code and a hint. */
export const UnknownCodeError = coded(
  'SCS_CLI_ERR_UNKNOWN_CODE',
  'No error has the code or id %s%s',
  'Run "fastify-scs errors" in the folder of your application: it lists the codes of all packages that are installed there.',
)

/** A module of an application gives no catalogue of errors: the module and the reason. */
export const NoCatalogueError = coded(
  'SCS_CLI_ERR_NO_CATALOGUE',
  'The errors of %s cannot be listed: %s',
  'Name a module that exports a Fastify app, or a plugin, with @fastify-scs/core registered.',
)
