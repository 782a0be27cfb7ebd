import type { ResolvedOptions } from '../options.js'
import type { ResolvedService } from '../options-service.js'

/** Finds the service that is declared for an origin, the first one where there are several. */
export function serviceFinder(
  options: ResolvedOptions,
): (origin: string) => ResolvedService | undefined {
  const byOrigin = new Map<string, ResolvedService>()
  for (const service of options.services.values()) {
    const { origin } = service
    if (origin !== undefined && !byOrigin.has(origin)) byOrigin.set(origin, service)
  }
  return (origin) => byOrigin.get(origin)
}
