import { RequestPage } from '../report/request-page.js'
import type { ViewProps } from '../shell/view-props.js'

/** Everything of one trace, across services. */
export function TraceView({ params: { id = '' } }: ViewProps) {
  return <RequestPage of="traces" id={id} />
}
