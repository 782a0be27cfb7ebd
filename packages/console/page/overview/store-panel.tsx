import { useQuery } from '@tanstack/preact-query'
import type { StoreState } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { storeQuery } from '../api/queries.js'
import { Badge } from '../components/badge.js'
import { Loaded } from '../components/loaded.js'
import {
  bytesText,
  countOf,
  countText,
  shareText,
  shortCountText,
} from '../components/number-text.js'
import { Facts, Panel } from '../components/panel.js'
import { Duration } from '../components/time.js'

/** How the store is, and what the suite itself costs. */
export function StorePanel() {
  const query = useQuery(storeQuery(useApi()))
  return (
    <Panel title="Store" aside={query.data !== undefined && <StoreBadge state={query.data} />}>
      <Loaded query={query}>{(state) => <StoreFacts state={state} />}</Loaded>
    </Panel>
  )
}

function StoreBadge({
  state: { isAvailable, isReadOnly, shed, deadLetters, engine },
}: {
  state: StoreState
}) {
  const said = (): readonly ['bad' | 'warn' | 'good', string] => {
    if (!isAvailable) return ['bad', 'away']
    if (shed > 0) return ['warn', 'has dropped records']
    if ((deadLetters ?? 0) > 0) return ['warn', 'has refused records']
    return ['good', isReadOnly ? 'read only' : 'well']
  }
  const [tone, text] = said()
  return (
    <>
      {engine} <Badge tone={tone}>{text}</Badge>
    </>
  )
}

function StoreFacts({ state }: { state: StoreState }) {
  const { queue, cost, records, console: own } = state
  const all = Object.values(records ?? {}).reduce((sum, count) => sum + count, 0)
  return (
    <Facts
      rows={[
        ['Records', records === null ? null : countText(all)],
        ['Size', state.bytes === null ? null : bytesText(state.bytes)],
        ['Queue', queueText(state)],
        ['Lag', <Duration key="lag" ms={Math.max(state.lagMs, queue.oldestAgeMs)} />],
        ['Outbox files', bytesText(state.outboxBytes)],
        ['Written', countText(state.written)],
        ['Dropped under load', droppedText(state)],
        ['Refused records', state.deadLetters === null ? null : countText(state.deadLetters)],
        ['Removed by age', countText(state.pruned)],
        ['Store at work', timeShareText(cost.storeBusyMs, cost)],
        ['Console queries', `${shortCountText(own.queries)}, ${shortCountText(own.waited)} waited`],
        ['They took', timeShareText(own.queryMs, cost)],
        ['Console refused', `${countOf(own.refused, 'query', 'queries')}, ${own.timedOut} cut off`],
        ['Console failures', countText(own.failed)],
        ['CPU of the process', timeShareText(cost.processCpuMs, cost)],
      ]}
    />
  )
}

function queueText({ queue }: StoreState): string {
  return queue.records === 0
    ? 'empty'
    : `${countOf(queue.records, 'record')}, ${bytesText(queue.bytes)}`
}

function droppedText({ shed, shedBodies }: StoreState): string {
  return shed + shedBodies === 0
    ? 'nothing'
    : `${countOf(shed, 'record')}, ${countOf(shedBodies, 'body', 'bodies')}`
}

/** A time as a share of how long the process has run. */
function timeShareText(ms: number, { uptimeMs }: StoreState['cost']): string {
  return uptimeMs > 0 ? `${shareText(ms / uptimeMs)} of the time` : '–'
}
