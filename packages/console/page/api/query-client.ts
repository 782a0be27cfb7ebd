import { QueryClient } from '@tanstack/preact-query'
import { ApiFailure } from './client.js'

/** How long an answer is shown before it is asked for again, when a view that shows it is opened; in milliseconds. */
const FRESH_MS = 15_000

/** Makes the cache of what the API has answered. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        // What the API refuses it refuses again; only a store that is away or busy is worth a second try.
        retry: (failures, error) =>
          failures < 2 &&
          error instanceof ApiFailure &&
          (error.status === 0 || error.status >= 502),
        refetchOnWindowFocus: true,
      },
    },
  })
}
