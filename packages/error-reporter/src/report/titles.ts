import { oneLine } from './caps.js'

/** `FATAL BACKEND ERROR <api> <status> <code>: <endpoint>: <message>` */
export function fatalTitle(facts: {
  readonly apiName: string
  readonly status: number
  readonly code: string
  readonly endpoint: string
  readonly message: string
}): string {
  const { apiName, status, code, endpoint, message } = facts
  return oneLine(`FATAL BACKEND ERROR ${apiName} ${status} ${code}: ${endpoint}: ${message}`)
}

/** `NON-FATAL BACKEND ERROR <api> <endpoint>: <title>`, without an endpoint outside of a request. */
export function nonFatalTitle(
  apiName: string,
  endpoint: string | undefined,
  title: string,
): string {
  const where = endpoint === undefined ? apiName : `${apiName} ${endpoint}`
  return oneLine(`NON-FATAL BACKEND ERROR ${where}: ${title}`)
}
