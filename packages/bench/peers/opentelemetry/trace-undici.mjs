import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { startTracing } from './start-tracing.mjs'

registerInstrumentations({
  instrumentations: [new UndiciInstrumentation()],
  tracerProvider: startTracing(),
})
