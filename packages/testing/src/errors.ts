import { coded } from '@fastify-scs/core/kit'

/** A helper was given something else than a Fastify app: its name, and what was found. */
export const NotAnAppError = coded(
  'SCS_TESTING_ERR_APP',
  '%s: expected a Fastify instance, got %s',
  'Pass the app itself; where it is made by an async function, await that first.',
)

/** A helper was given something that it cannot use: its name and the argument, what was expected, and what was found. */
export const ArgumentError = coded(
  'SCS_TESTING_ERR_ARGUMENT',
  '%s: expected %s, got %s',
  'Correct the argument; a response has to be awaited first.',
)

/** The app, or a context above it, has no core plugin: the helper's name. */
export const NoCoreError = coded(
  'SCS_TESTING_ERR_NO_CORE',
  '%s: the app has no @fastify-scs/core',
  'Register core on the app, before this call; where a plugin registers it in a context of its own, pass the instance of that context.',
)

/** The clock of the process is faked already. */
export const ClockError = coded(
  'SCS_TESTING_ERR_CLOCK',
  'fakeClock: the clock is already faked%s',
  'Restore the other clock first: clock.restore(), vi.useRealTimers() or mock.timers.reset().',
)
