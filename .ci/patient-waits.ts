import { vi } from 'vitest'

/** For what has to happen in another process, thread or turn: only what does not happen waits for it. */
const PATIENCE_MS = 20_000

const { waitFor } = vi
// Its default of a second is luck on a busy machine, and no setting of vitest changes it. The setup runs for each file.
if (waitFor.name !== 'waitPatiently') {
  vi.waitFor = function waitPatiently(callback, options = {}) {
    const given = typeof options === 'number' ? { timeout: options } : options
    return waitFor(callback, { timeout: PATIENCE_MS, ...given })
  }
}
