/** Whether a call was answered with what it asked for: a 2xx, or the 101 after which the connection is something else. */
export function isSuccess(statusCode: number | null): boolean {
  if (statusCode === null) return false
  return (statusCode >= 200 && statusCode < 300) || statusCode === 101
}
