/** The levels of the audit log and of the application log, least severe first. */
export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const

/** The name of a level, as pino's in upper case. */
export type Level = (typeof LEVELS)[number]

/** The names of levels that options and definitions accept; `warning` and `critical` are Python's names for WARN and FATAL. */
export type LevelName = Level | 'WARNING' | 'CRITICAL' | Lowercase<Level> | 'warning' | 'critical'

/** Which names of levels are written: pino's in upper case, or those of Python's logging module. */
export type LevelNames = 'pino' | 'python'

/** Python's name of each level; Python has none below DEBUG. Source: https://docs.python.org/3/library/logging.html#logging-levels */
const PYTHON_NAMES: Readonly<Record<Level, string>> = {
  TRACE: 'DEBUG',
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARN: 'WARNING',
  ERROR: 'ERROR',
  FATAL: 'CRITICAL',
}

const ALIASES: Readonly<Record<string, Level>> = { WARNING: 'WARN', CRITICAL: 'FATAL' }

/** The level with this name, in any case; undefined for an unknown name. */
export function parseLevel(name: unknown): Level | undefined {
  if (typeof name !== 'string') return undefined
  const upper = name.toUpperCase()
  if (Object.hasOwn(ALIASES, upper)) return ALIASES[upper]
  return LEVELS.find((level) => level === upper)
}

/** Whether a sink with the least level `least` writes lines of this level. */
export function isAtLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least)
}

/** The name of a level in a line; a custom level of pino keeps its name. */
export function levelInLine(level: string, names: LevelNames): string {
  return names === 'python' && Object.hasOwn(PYTHON_NAMES, level)
    ? PYTHON_NAMES[level as Level]
    : level
}
