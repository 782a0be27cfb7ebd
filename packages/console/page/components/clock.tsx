import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { useSession } from '../api/context.js'

/** How often relative times are read anew, in milliseconds: all of the page at once, never each by itself. */
const TICK_MS = 30_000

const ClockContext = createContext<number>(0)

/** Tells everything within what time it is by the server's clock. */
export function ClockProvider({ children }: { children: ComponentChildren }) {
  const [offsetMs, setOffsetMs] = useState(0)
  const [now, setNow] = useState(() => Date.now())
  const serverNow = useSession()?.now
  useEffect(() => {
    if (serverNow === undefined) return
    const difference = serverNow - Date.now()
    // Below a few seconds it is the way to the server, not the clock.
    setOffsetMs(Math.abs(difference) < 5_000 ? 0 : difference)
  }, [serverNow])
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return <ClockContext.Provider value={now + offsetMs}>{children}</ClockContext.Provider>
}

/** The time by the server's clock, in milliseconds since 1970; it moves on each half minute. */
export function useNow(): number {
  return useContext(ClockContext)
}
