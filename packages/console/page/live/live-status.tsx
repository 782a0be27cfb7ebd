import { countOf } from '../components/number-text.js'
import { type LiveTail, lagText, waitingCount } from './live-tail.js'

/** What holds the tail back: it lags, it is not connected, or one reads while records wait. */
export function LiveStatus({ tail, onShow }: { tail: LiveTail; onShow: () => void }) {
  const lag = lagText(tail.lag)
  const waiting = waitingCount(tail)
  return (
    <>
      <div role="status">
        {tail.connection === 'lost' && (
          <p class="notice notice-failed">The connection is lost. It is being opened again …</p>
        )}
        {lag !== '' && (
          <p class="notice notice-warn">
            The tail cannot keep up: {lag}. Filter it to see fewer records; the lists have all of
            them.
          </p>
        )}
      </div>
      {waiting > 0 && (
        <button type="button" class="primary live-waiting" onClick={onShow}>
          Show {countOf(waiting, 'new record')}
        </button>
      )}
    </>
  )
}

/** Whether the tail runs, in a word. */
export function LiveState({ tail }: { tail: LiveTail }) {
  const { connection, pausedBy } = tail
  if (connection === 'connecting') return <span class="live-state muted">Connecting …</span>
  if (connection === 'lost') return <span class="live-state">Not connected</span>
  if (pausedBy.includes('button')) return <span class="live-state muted">Paused</span>
  if (pausedBy.length > 0) return <span class="live-state muted">Paused while you read</span>
  return (
    <span class="live-state live-running">
      <span class="live-mark" aria-hidden="true" />
      Live
    </span>
  )
}
