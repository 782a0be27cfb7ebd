import type { ComponentChildren } from 'preact'
import { ApiFailure } from '../api/client.js'

/** A query, as far as it is needed to show what became of it. */
export interface ShownQuery<Data> {
  readonly data: Data | undefined
  readonly error: Error | null
  refetch(): unknown
}

/** Shows an answer; until it is there, after 300 ms, that it is being waited for; or that it failed, with a way to try again. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: ShownQuery<Data>
  children: (data: Data) => ComponentChildren
}) {
  const { data, error } = query
  if (data !== undefined)
    return (
      <>
        {error !== null && <ErrorNotice error={error} onRetry={() => query.refetch()} />}
        {children(data)}
      </>
    )
  if (error !== null) return <ErrorNotice error={error} onRetry={() => query.refetch()} />
  return <Pending />
}

/** Something is being waited for. It shows after 300 ms only: what comes sooner must not flicker. */
export function Pending() {
  return (
    <div class="pending" role="status">
      <span class="pending-mark" aria-hidden="true" />
      <span>Loading …</span>
    </div>
  )
}

/** A failure, in words, with a way to try again where there is one. */
export function ErrorNotice({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const isMissing = error instanceof ApiFailure && error.status === 404
  return (
    <div class="notice notice-failed" role="alert">
      <p>{error.message}</p>
      {onRetry !== undefined && !isMissing && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}
