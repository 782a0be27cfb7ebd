import type { MakeCaller } from './plain-callers.js'

/**
 * Every way to call the payment service, by the name that a program is given. Each loads only what it needs: undici of the
 * workspace, loaded before the first built-in fetch, would change that one.
 */
export const callers: Readonly<Record<string, () => Promise<MakeCaller>>> = {
  fetch: async () => (await import('./plain-callers.js')).plainFetch,
  'fetch-clone': async () => (await import('./plain-callers.js')).clonedFetch,
  'fetch-observed': async () => (await import('./service-callers.js')).observedFetch,
  'fetch-service': async () => (await import('./service-callers.js')).serviceFetch,
  'fetch-service-failed': async () => (await import('./service-callers.js')).failedOnlyFetch,
  'fetch-service-stored': async () => (await import('./service-callers.js')).storedServiceFetch,
  request: async () => (await import('./plain-callers.js')).plainRequest,
  'request-observed': async () => (await import('./service-callers.js')).observedRequest,
  'request-service-failed': async () => (await import('./service-callers.js')).failedOnlyRequest,
  'request-service': async () => (await import('./service-callers.js')).serviceRequest,
}
