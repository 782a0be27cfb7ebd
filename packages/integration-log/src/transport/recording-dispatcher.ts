import type { Dispatcher } from 'undici'

/**
 * A dispatcher that is another one in everything but how it dispatches. The same way undici composes interceptors, without
 * making objects of the headers and back: names keep their case.
 *
 * @param own What it has of its own, `dispatch` among it.
 */
export function recordingDispatcher(
  base: Dispatcher,
  own: { readonly dispatch: Dispatcher['dispatch'] } & Readonly<Record<symbol, unknown>>,
): Dispatcher {
  return new Proxy(base, {
    get: (target, key) =>
      Object.hasOwn(own, key) ? Reflect.get(own, key) : Reflect.get(target, key),
  })
}
