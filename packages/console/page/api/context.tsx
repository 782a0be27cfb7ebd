import { type QueryClient, QueryClientProvider, useQuery } from '@tanstack/preact-query'
import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Session } from '../../src/api/model.js'
import type { Api } from './client.js'
import { sessionQuery } from './queries.js'

const ApiContext = createContext<Api | undefined>(undefined)

/** Hands the client of the API and its cache to everything within. */
export function ApiProvider({
  api,
  queries,
  children,
}: {
  api: Api
  queries: QueryClient
  children: ComponentChildren
}) {
  return (
    <ApiContext.Provider value={api}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </ApiContext.Provider>
  )
}

/** The client of the API. @throws Error outside of an ApiProvider */
export function useApi(): Api {
  const api = useContext(ApiContext)
  if (api === undefined) throw new Error('useApi is called outside of an ApiProvider')
  return api
}

/** Who is looking and what they may do; undefined until that is known. */
export function useSession(): Session | undefined {
  return useQuery(sessionQuery(useApi())).data
}
