import type { FailureListener } from './failure-listener.js'

/** Told of the answer to an upgrade. */
export type UpgradeListener = (statusCode: number, headers: unknown) => void

/** How undici 5 to 7, and 8, tell a request that its connection is something else from now on. */
const METHODS = ['onUpgrade', 'onRequestUpgrade'] as const

type Method = (statusCode: number, headers: unknown, ...more: unknown[]) => unknown
type Upgradable = { [Name in (typeof METHODS)[number]]?: unknown }

/**
 * Learns of the answer to a request that asks for an upgrade. In undici 6.28, 7.29 and 8.10, which Node 22 to 26 have within, and in
 * those before, no channel tells of it: the request itself is told, and so we are. 6.29, 7.30 and 8.13 use the channels as well.
 */
export function watchUpgrade(
  request: object,
  listener: UpgradeListener,
  onFailure: FailureListener,
): void {
  for (const name of METHODS) {
    const method = (request as Upgradable)[name]
    if (typeof method !== 'function') continue
    Object.defineProperty(request, name, {
      value: watched(method as Method, listener, onFailure),
      configurable: true,
      writable: true,
    })
  }
}

function watched(method: Method, listener: UpgradeListener, onFailure: FailureListener): Method {
  return function told(this: unknown, statusCode, headers, ...more) {
    try {
      listener(statusCode, headers)
    } catch (error) {
      onFailure(error)
    }
    return method.call(this, statusCode, headers, ...more)
  }
}
