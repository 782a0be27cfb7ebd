import { userInfo } from 'node:os'

/** Who runs the program, by the operating system. */
export function osUser(): string {
  try {
    return userInfo().username
  } catch {
    // A user id without a name, as containers have.
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
