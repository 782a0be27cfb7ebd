/**
 * Whether the environment switches reporting off: `NO_ERROR_REPORTING=1`, unless `DO_REPORT_ERROR` forces it on. From
 * PyMacaron, whose test runs set the first.
 */
export function isSwitchedOff(env: Readonly<Record<string, string | undefined>>): boolean {
  if ((env.DO_REPORT_ERROR ?? '') !== '') return false
  return env.NO_ERROR_REPORTING === '1' || env.NO_ERROR_REPORTING === 'true'
}
