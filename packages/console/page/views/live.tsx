import { useMemo, useRef } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { Empty } from '../components/empty.js'
import { Page } from '../components/page.js'
import { TextFilter } from '../components/text-filter.js'
import { kindsAfter, kindsOf, LIVE_KINDS, liveQueryOf } from '../live/live-query.js'
import { LiveRow } from '../live/live-row.js'
import { LiveState, LiveStatus } from '../live/live-status.js'
import { useLiveTail, usePauseWhileReading, usePauseWhileScrolled } from '../live/use-live-tail.js'
import { paths } from '../shell/paths.js'
import { useShortcut } from '../shell/shortcuts.js'
import { useQueryParams } from '../shell/use-query-params.js'
import { useRowKeys } from '../shell/use-row-keys.js'

/** Records as they are made, newest first. It holds still while one reads. */
export function LiveView() {
  const [params] = useQueryParams()
  const query = useMemo(() => liveQueryOf(params), [params])
  const [tail, dispatch] = useLiveTail(query)
  const top = useRef<HTMLDivElement>(null)
  const list = useRowKeys<HTMLOListElement>()
  usePauseWhileScrolled(top, dispatch)
  usePauseWhileReading(list, dispatch)
  const isPaused = tail.pausedBy.includes('button')
  const turn = (): void => dispatch({ type: isPaused ? 'resume' : 'pause', reason: 'button' })
  useShortcut('p', 'Pause or go on', turn)
  const show = (): void => {
    dispatch({ type: 'show' })
    window.scrollTo({ top: 0 })
  }
  return (
    <Page
      title="Live tail"
      aside={
        <>
          <LiveState tail={tail} />
          <button type="button" aria-pressed={isPaused} onClick={turn}>
            {isPaused ? 'Go on' : 'Pause'}
          </button>
        </>
      }
    >
      <LiveFilters />
      <div>
        <div ref={top} />
        <LiveStatus tail={tail} onShow={show} />
        {/* A log by its role, but a silent one: who wants to hear each record goes through them by `j`. */}
        <div role="log" aria-live="off" aria-label="Records, newest first">
          <ol ref={list} class="live">
            {tail.shown.map((row) => (
              <LiveRow key={`${row.kind} ${row.id}`} row={row} />
            ))}
          </ol>
        </div>
      </div>
      {tail.shown.length === 0 && (
        <Empty title="Waiting for the next record.">
          What the application records from now on shows here. What was recorded before is in the
          lists: <Link href={paths.reports()}>reports</Link>,{' '}
          <Link href={paths.calls()}>calls</Link>, <Link href={paths.audit()}>audit events</Link>.
        </Empty>
      )}
    </Page>
  )
}

function LiveFilters() {
  const [params, change] = useQueryParams()
  const kinds = kindsOf(params)
  return (
    <search class="filter-area" aria-label="Filters">
      <div class="filter-row">
        <TextFilter
          value={params.get('text') ?? ''}
          onSearch={(text, isTyping) => change({ text }, { replace: isTyping })}
        />
        <fieldset class="choices">
          <legend class="hidden">Kinds</legend>
          {LIVE_KINDS.map(([kind, label]) => (
            <button
              key={kind}
              type="button"
              class="choice"
              aria-pressed={kinds.includes(kind)}
              onClick={() => change({ kinds: kindsAfter(kinds, kind) })}
            >
              {label}
            </button>
          ))}
        </fieldset>
      </div>
    </search>
  )
}
