import { Link } from 'wouter-preact'
import type { RecordRow } from '../../src/api/model.js'
import { StatusBadge } from '../components/badge.js'
import { countOf, countText, shareText } from '../components/number-text.js'
import { Facts, Panel } from '../components/panel.js'
import { At } from '../components/time.js'
import { durationText } from '../components/time-text.js'
import { type CodeByPlace, codeOfLine, placeText } from '../report/code-lines.js'
import { CodeView } from '../report/code-view.js'
import { compiledPlace } from '../report/frame-place.js'
import { sharedRoot, shortFile } from '../report/frames.js'
import type { ReportData } from '../report/report-data.js'
import { TraceView } from '../report/trace-view.js'
import { paths } from '../shell/paths.js'
import type { BlockedFacts } from './blocked-facts.js'
import { branchesOf, heaviestPlace, ownFrames } from './stack-branches.js'
import type { StackFrame } from './stack-frames.js'
import { StackTree } from './stack-tree.js'
import { OpenCalls, UnansweredCalls } from './waiting-calls.js'

/** A blocked event loop: whose code held it up, where, and who waited. */
export function BlockedPanel({
  facts,
  report: { code, trace },
  row,
}: {
  facts: BlockedFacts
  report: ReportData
  row: RecordRow
}) {
  const { inFlight, openCalls, requestId, tree } = facts
  // The request that ran is named above.
  const waiting = inFlight.filter((call) => requestId === undefined || call.requestId !== requestId)
  const branches = branchesOf(tree)
  const root = sharedRoot([{ isOwn: true, frames: ownFrames(tree) }])
  const place = heaviestPlace(branches)
  const stack = trace.length > 0 ? trace : facts.stack
  return (
    <Panel title="What held up the event loop" aside={<StatusBadge status="blocked" />}>
      <div class="stack">
        <Summary facts={facts} row={row} />
        {facts.note !== undefined && <p class="wrap">{facts.note}</p>}
        {place !== undefined && <MainPlace frame={place} root={root} code={code} />}
        {branches.length > 0 && (
          <div>
            <h3>Stack, by its share of {countOf(facts.samples, 'sample')}</h3>
            <StackTree
              branches={branches}
              context={{ root, code }}
              label="Stack, the outermost frame first"
            />
          </div>
        )}
        {stack.length > 0 && (
          <details open={branches.length === 0}>
            <summary>The stack that most samples have</summary>
            <TraceView trace={stack} code={code} label="The stack that most samples have" />
          </details>
        )}
        {openCalls.length > 0 && (
          <div>
            <h3>Calls and queries of the request that had not ended</h3>
            <OpenCalls calls={openCalls} />
          </div>
        )}
        {waiting.length > 0 && (
          <div>
            <h3>
              {countOf(waiting.length, waiting.length < inFlight.length ? 'other call' : 'call')}{' '}
              without an answer meanwhile
            </h3>
            <UnansweredCalls calls={waiting} createdAt={row.createdAt} />
          </div>
        )}
      </div>
    </Panel>
  )
}

function Summary({ facts, row }: { facts: BlockedFacts; row: RecordRow }) {
  const { blockedMs, limitMs, since, isProcessEnded, endpoint, url, requestId, suppressed } = facts
  return (
    <>
      {isProcessEnded && (
        <p class="notice notice-warn">
          The process ended before the loop went on. This was found when the service started again.
        </p>
      )}
      <Facts
        rows={[
          [isProcessEnded ? 'Blocked for at least' : 'Blocked for', durationText(blockedMs)],
          ...(limitMs === undefined ? [] : [['Its limit', durationText(limitMs)] as const]),
          ['Running', endpoint ?? 'no request is known'],
          ...(url === undefined ? [] : [['URL', <span class="wrap">{url}</span>] as const]),
          ...(requestId === undefined
            ? []
            : [
                [
                  'Request',
                  <Link class="mono wrap" href={paths.request(requestId, row.createdAt)}>
                    {requestId}
                  </Link>,
                ] as const,
              ]),
          ...(since === undefined ? [] : [['Since', <At at={since} />] as const]),
          ...(suppressed > 0
            ? [['Not reported', `${countText(suppressed)} before it`] as const]
            : []),
        ]}
      />
    </>
  )
}

/** The place to look at first, with its code. */
function MainPlace({ frame, root, code }: { frame: StackFrame; root: string; code: CodeByPlace }) {
  const known = codeOfLine(code, frame)
  const { name, line, column, share } = frame
  const place = known ?? { file: shortFile(frame.file, root), line, column }
  return (
    <div>
      <p class="wrap">
        In {shareText(share)} of the samples the loop was in <strong class="mono">{name}</strong>,{' '}
        <strong class="mono">{placeText(place)}</strong>
      </p>
      {known !== undefined && known.lines.length > 0 && (
        <CodeView code={known} compiled={compiledPlace(frame, known)} />
      )}
    </div>
  )
}
