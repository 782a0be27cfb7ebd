import { useMemo } from 'preact/hooks'
import { Router } from 'wouter-preact'
import { createApi } from '../api/client.js'
import { ApiProvider } from '../api/context.js'
import { createQueryClient } from '../api/query-client.js'
import { ClockProvider } from '../components/clock.js'
import { Frame } from './frame.js'
import { routerBase } from './paths.js'
import { ShortcutProvider } from './shortcuts.js'
import { ToastProvider } from './toasts.js'

/** The whole page. @param props.baseUrl the address that the server put into `<base href>` */
export function App({ baseUrl }: { baseUrl: string }) {
  const api = useMemo(() => createApi(baseUrl), [baseUrl])
  const queries = useMemo(() => createQueryClient(), [])
  return (
    <Router base={routerBase(baseUrl)}>
      <ApiProvider api={api} queries={queries}>
        <ClockProvider>
          <ShortcutProvider>
            <ToastProvider>
              <Frame />
            </ToastProvider>
          </ShortcutProvider>
        </ClockProvider>
      </ApiProvider>
    </Router>
  )
}
