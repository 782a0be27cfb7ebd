import { executionAsyncResource } from 'node:async_hooks'

/**
 * Keeps `process.nextTick` fast in this process until it ends, as core does in an application: V8 forgets the shape of its
 * objects when it collects garbage while none is alive. Every measured program does it, with the plugins or without, or the
 * ratio of two programs would depend on which of them had a collection before its first request (docs/performance.md).
 */
export async function holdTick(): Promise<void> {
  const tick = await new Promise<object>((resolve) => {
    process.nextTick(() => resolve(executionAsyncResource()))
  })
  process.once('exit', () => void Reflect.ownKeys(tick))
}
