/** What the program returns to the shell. */
export const EXIT = {
  /** It did what was asked. */
  done: 0,
  /** It failed, or a check has found something wrong. */
  failed: 1,
  /** It was called in a wrong way. */
  usage: 2,
  /** What was asked for is not there. */
  notFound: 3,
} as const

const BY_CODE: Readonly<Record<string, number>> = {
  SCS_CLI_ERR_NO_STORE: EXIT.usage,
  SCS_CLI_ERR_USAGE: EXIT.usage,
  SCS_CLI_ERR_NOT_CONFIRMED: EXIT.usage,
  SCS_CLI_ERR_MCP_NO_TOKEN: EXIT.usage,
  SCS_CLI_ERR_MCP_TOKEN: EXIT.usage,
  SCS_CLI_ERR_NOT_FOUND: EXIT.notFound,
  SCS_CLI_ERR_UNKNOWN_CODE: EXIT.notFound,
  SCS_STORE_ERR_FILTER: EXIT.usage,
  CONSOLE_BAD_REQUEST: EXIT.usage,
  CONSOLE_NOT_FOUND: EXIT.notFound,
}

/** The exit code for an error, by its code. */
export function exitCodeOf(error: unknown): number {
  return BY_CODE[codeOf(error) ?? ''] ?? EXIT.failed
}

/** The code of an error, where it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
