/** The levels of the audit log and of the application log, least severe first. */
export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const

/** A level as lines show it. */
export type Level = (typeof LEVELS)[number]

/** A level as options and definitions may give it; `warning` and `critical` are Python's names for two of them. */
export type LevelName = Level | 'WARNING' | 'CRITICAL' | Lowercase<Level> | 'warning' | 'critical'

/** The names that lines show: pino's in upper case, or those of Python's logging, as SCS writes them. */
export type LevelNames = 'pino' | 'python'

/** Python's name of each level; it has none below DEBUG. From https://docs.python.org/3/library/logging.html#logging-levels */
const PYTHON_NAMES: Readonly<Record<Level, string>> = {
  TRACE: 'DEBUG',
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARN: 'WARNING',
  ERROR: 'ERROR',
  FATAL: 'CRITICAL',
}

const ALIASES: Readonly<Record<string, Level>> = { WARNING: 'WARN', CRITICAL: 'FATAL' }

/** The level that a name means, in whatever case; undefined for an unknown one. */
export function parseLevel(name: unknown): Level | undefined {
  if (typeof name !== 'string') return undefined
  const upper = name.toUpperCase()
  if (Object.hasOwn(ALIASES, upper)) return ALIASES[upper]
  return LEVELS.find((level) => level === upper)
}

/** Whether a line of this level passes a sink that shows `least` and above. */
export function isAtLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least)
}

/** A level as lines show it; one that is not of the six, such as a custom level of pino's, stays as it is. */
export function levelInLine(level: string, names: LevelNames): string {
  return names === 'python' && Object.hasOwn(PYTHON_NAMES, level)
    ? PYTHON_NAMES[level as Level]
    : level
}
