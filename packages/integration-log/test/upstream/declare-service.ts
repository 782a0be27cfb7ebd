import { type IntegrationLogOptions, resolveOptions } from '../../src/options.js'
import { createServiceCaller } from '../../src/service/services.js'
import { RecordedCalls } from './recorded-calls.js'

type Caller = ReturnType<typeof createServiceCaller>

/** One declared service, and what the log is told of its calls. */
export interface TestService {
  readonly service: ReturnType<Caller['of']>
  readonly recorded: RecordedCalls
  readonly failures: unknown[]
  readonly options: ReturnType<typeof resolveOptions>
  close(closeAfterMs?: number): Promise<void>
}

/** Declares a service as the plugin does, without the half that describes and stores. */
export function declareService(
  options: NonNullable<IntegrationLogOptions['services']>[string],
): TestService {
  const recorded = new RecordedCalls()
  const failures: unknown[] = []
  const resolved = resolveOptions({ services: { payments: options } })
  const caller = createServiceCaller(recorded, resolved, (error) => failures.push(error))
  const declared = resolved.services.get('payments')
  if (declared === undefined) throw new Error('not declared')
  return {
    service: caller.of(declared),
    recorded,
    failures,
    options: resolved,
    close: (closeAfterMs) => caller.close(closeAfterMs),
  }
}
