import type { FigureScenario } from '../figure-scenario.js'
import type { Scenario } from '../scenario.js'
import { abortScenario } from './abort.js'
import { allHappyPath } from './all-happy-path.js'
import { allPlugins } from './all-plugins.js'
import { auditEvent } from './audit-event.js'
import { errorReporterAdded } from './error-reporter-added.js'
import { errorReporterHappyPath } from './error-reporter-happy-path.js'
import { errorReporterReported } from './error-reporter-reported.js'
import { errorReporterSuppressed } from './error-reporter-suppressed.js'
import { errorReporterVsSentry } from './error-reporter-vs-sentry.js'
import { expectedError } from './expected-error.js'
import { expectedErrorAsync } from './expected-error-async.js'
import { expectedErrorVsFastifyDefault } from './expected-error-vs-fastify-default.js'
import { happyPath } from './happy-path.js'
import { outboundFetch } from './outbound-fetch.js'
import { outboundUndiciRequest } from './outbound-undici-request.js'
import { serviceError } from './service-error.js'
import { slowCallHappyPath } from './slow-call-happy-path.js'
import { storeKillWindow } from './store-kill-window.js'
import { storeMainThread } from './store-main-thread.js'
import { storePostgresRate } from './store-postgres-rate.js'
import { storeSoak } from './store-soak.js'
import { storeSqliteOneByOne } from './store-sqlite-one-by-one.js'
import { storeSqliteRate } from './store-sqlite-rate.js'
import { underFaults } from './under-faults.js'

/** Every scenario, in the order they run: pairs of servers, more of them at once, clients, then the store. */
export const scenarios: readonly (Scenario | FigureScenario)[] = [
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
  errorReporterVsSentry,
  allHappyPath,
  allPlugins,
  outboundFetch,
  outboundUndiciRequest,
  storeMainThread,
  storeSqliteRate,
  storeSqliteOneByOne,
  storePostgresRate,
  storeSoak,
  storeKillWindow,
  underFaults,
]
