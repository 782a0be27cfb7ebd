import { gitCommit } from './git-commit.js'
import { packageVersion } from './package-version.js'

/** Which code runs. */
export interface RunningRelease {
  /** Null where nothing tells it. */
  readonly apiVersion: string | null
  /**
   * The release that somebody has named, which tells a regression from an error of an older instance; null without. The version of package.json does
   * not: of many services it is never raised, and those that share a database have versions of their own, so errors that come again would be hidden.
   */
  readonly namedRelease: string | null
  /** Null where nothing tells it. */
  readonly commit: string | null
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The release and the commit: what the options name, else `SCS_RELEASE` and `SCS_COMMIT`, else what package.json and `.git` say. Read within the
 * call: a few small files, at the start, while an asynchronous read of each would hold up the registration. Never throws.
 */
export function runningRelease(
  { apiVersion, commit }: Omit<RunningRelease, 'namedRelease'>,
  root: string,
  env: Environment,
): RunningRelease {
  const namedRelease = apiVersion ?? setIn(env, 'SCS_RELEASE') ?? null
  return {
    apiVersion: namedRelease ?? packageVersion(root),
    namedRelease,
    commit: commit ?? setIn(env, 'SCS_COMMIT') ?? gitCommit(root),
  }
}

function setIn(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}
