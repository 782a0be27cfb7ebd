import { coded } from '@fastify-scs/core/kit'

/** Over HTTP the server has no token to ask for. */
export const NoTokenError = coded(
  'SCS_CLI_ERR_MCP_NO_TOKEN',
  'The MCP server does not listen without a token',
  'Put one into a file (openssl rand -base64 32 > mcp-token; chmod 600 mcp-token) and name it with --token-file, or set the variable SCS_MCP_TOKEN.',
)

/** The token cannot be used: where it is from, and what is wrong with it. */
export const TokenError = coded(
  'SCS_CLI_ERR_MCP_TOKEN',
  'The token of %s cannot be used: %s',
  'Give one token of 24 to 512 visible ASCII characters, such as that of "openssl rand -base64 32".',
)

/** The audit file cannot be written: its path and why. */
export const AuditFileError = coded(
  'SCS_CLI_ERR_MCP_AUDIT_FILE',
  'The audit file %s cannot be written: %s',
  'Name a file that can be written with --audit-file: no call is answered without a line in it.',
)
