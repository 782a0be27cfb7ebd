/**
 * Whether a call was answered with what it asked for: a 2xx, the 101 after which the connection is something else, or a 3xx, which says
 * where it is to be had, or that the caller has it already.
 */
export function isSuccess(statusCode: number | null): boolean {
  if (statusCode === null) return false
  return (statusCode >= 200 && statusCode < 400) || statusCode === 101
}
