/** The levels of the audit log and of the application log, least severe first. */
export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const

/** A level as lines show it. */
export type Level = (typeof LEVELS)[number]

/** A level as options and definitions may give it; `warning` and `critical` are Python's names for two of them. */
export type LevelName = Level | 'WARNING' | 'CRITICAL' | Lowercase<Level> | 'warning' | 'critical'

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
