import { coded } from '@fastify-scs/core/kit'

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError = coded(
  'SCS_ALL_ERR_OPTIONS',
  'Option %s: expected %s, got %s',
  'Correct the option; its path and what was expected are in the message.',
)

/** An environment variable has a wrong value: its name, what was expected, what was found. */
export const VariableError = coded(
  'SCS_ALL_ERR_VARIABLE',
  'The environment variable %s: expected %s, got %s',
  'Correct the variable, remove it, or set the option that it stands for: an option wins over its variable.',
)

/** The console is wanted and there is no store to read. */
export const ConsoleStoreError = coded(
  'SCS_ALL_ERR_CONSOLE_STORE',
  'Option console: the console reads a store, and there is none',
  "Set the option store, such as store: 'sqlite:./scs.db', or the variable SCS_STORE_URL.",
)
