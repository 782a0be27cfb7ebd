import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'
import { startTracing } from './start-tracing.mjs'

registerInstrumentations({
  instrumentations: [new PgInstrumentation()],
  tracerProvider: startTracing(),
})
