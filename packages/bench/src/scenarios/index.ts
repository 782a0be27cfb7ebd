import type { Scenario } from '../scenario.js'
import type { StoreScenario } from '../store-scenario.js'
import { abortScenario } from './abort.js'
import { auditEvent } from './audit-event.js'
import { errorReporterAdded } from './error-reporter-added.js'
import { errorReporterHappyPath } from './error-reporter-happy-path.js'
import { errorReporterReported } from './error-reporter-reported.js'
import { errorReporterSuppressed } from './error-reporter-suppressed.js'
import { expectedError } from './expected-error.js'
import { expectedErrorAsync } from './expected-error-async.js'
import { expectedErrorVsFastifyDefault } from './expected-error-vs-fastify-default.js'
import { happyPath } from './happy-path.js'
import { serviceError } from './service-error.js'
import { slowCallHappyPath } from './slow-call-happy-path.js'
import { storeMainThread } from './store-main-thread.js'
import { storePostgresRate } from './store-postgres-rate.js'
import { storeSoak } from './store-soak.js'
import { storeSqliteOneByOne } from './store-sqlite-one-by-one.js'
import { storeSqliteRate } from './store-sqlite-rate.js'

/** Every scenario, in the order they run: pairs of servers first, then the record store. */
export const scenarios: readonly (Scenario | StoreScenario)[] = [
  happyPath,
  expectedError,
  expectedErrorAsync,
  abortScenario,
  serviceError,
  expectedErrorVsFastifyDefault,
  auditEvent,
  errorReporterSuppressed,
  errorReporterReported,
  errorReporterAdded,
  errorReporterHappyPath,
  slowCallHappyPath,
  storeMainThread,
  storeSqliteRate,
  storeSqliteOneByOne,
  storePostgresRate,
  storeSoak,
]
