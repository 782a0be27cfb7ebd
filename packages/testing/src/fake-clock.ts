import { show } from '@fastify-scs/core/kit'
import { type Clock, install } from '@sinonjs/fake-timers'
import { ArgumentError, ClockError } from './errors.js'
import { realTimers } from './follow.js'

/** Options of a fake clock. */
export interface FakeClockOptions {
  /** The time that it begins with. @default the present time */
  readonly now?: number | Date
}

/** A clock that stands still until it is moved. It moves `Date`, `performance.now()`, `setTimeout` and `setInterval` of the whole process. */
export interface FakeClock {
  /** The time that it shows, in milliseconds since 1970. */
  readonly now: number
  /** Moves on and calls each timer that is due on the way, in order; what they begin is waited for between them. */
  advance(ms: number): Promise<void>
  /** Moves on at once, as if the machine had slept: a timer that would have been due many times is called once. For hours and days. */
  jump(ms: number): Promise<void>
  /** Gives the real clock back; call it in `afterEach`. */
  restore(): void
}

/** Turns of the event loop that the work of a timer gets after a jump. */
const TURNS = 10

/**
 * Fakes the clock of the process. Call it before the app is made: timers that were set before go on in real time. `setImmediate`,
 * `process.nextTick` and promises are left as they are, so that `app.inject`, sockets and files work.
 *
 * @throws SCS_TESTING_ERR_CLOCK where the clock is faked already, SCS_TESTING_ERR_ARGUMENT
 */
export function fakeClock({ now = Date.now() }: FakeClockOptions = {}): FakeClock {
  if (!Number.isFinite(now instanceof Date ? now.getTime() : now)) {
    throw new ArgumentError('fakeClock, now', 'a valid Date or milliseconds since 1970', show(now))
  }
  const clock = installClock(now)
  const restorePerformance = fakePerformance(clock)
  return {
    get now() {
      return clock.now
    },
    advance: async (ms) => {
      await clock.tickAsync(ms)
      await turns()
    },
    jump: async (ms) => {
      clock.jump(ms)
      await turns()
    },
    restore: () => {
      restorePerformance()
      clock.uninstall()
    },
  }
}

function installClock(now: number | Date): Clock {
  try {
    return install({
      now,
      toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    })
  } catch (cause) {
    throw new ClockError('', { cause })
  }
}

/**
 * Lets `performance.now()` go on from where it is by the fake clock, so that what began before has no negative duration. The method of
 * the one object that `globalThis` and `node:perf_hooks` share is replaced: fake-timers would replace the global object.
 */
function fakePerformance(clock: Clock): () => void {
  const own = Object.getOwnPropertyDescriptor(performance, 'now')
  const offset = performance.now() - clock.now
  const now = (): number => clock.now + offset
  Object.defineProperty(performance, 'now', { value: now, configurable: true, writable: true })
  return () => {
    if (own === undefined) Reflect.deleteProperty(performance, 'now')
    else Object.defineProperty(performance, 'now', own)
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    await new Promise((resolve) => void realTimers.setImmediate(resolve))
  }
}
