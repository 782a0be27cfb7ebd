import { RequestPage } from '../report/request-page.js'
import type { ViewProps } from '../shell/view-props.js'

/** Everything of one request. */
export function RequestView({ params: { id = '' } }: ViewProps) {
  return <RequestPage of="requests" id={id} />
}
