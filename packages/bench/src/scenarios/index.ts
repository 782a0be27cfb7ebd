import type { Scenario } from '../scenario.js'
import { abortScenario } from './abort.js'
import { auditEvent } from './audit-event.js'
import { expectedError } from './expected-error.js'
import { expectedErrorAsync } from './expected-error-async.js'
import { expectedErrorVsFastifyDefault } from './expected-error-vs-fastify-default.js'
import { happyPath } from './happy-path.js'
import { serviceError } from './service-error.js'

/** Every scenario, in the order they run. */
export const scenarios: readonly Scenario[] = [
  happyPath,
  expectedError,
  expectedErrorAsync,
  abortScenario,
  serviceError,
  expectedErrorVsFastifyDefault,
  auditEvent,
]
