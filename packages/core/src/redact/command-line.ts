import { quotedOrWord } from './named-values.js'
import type { Span } from './shape-scan.js'
import type { TextScanner } from './text-scanner.js'

/*
 * Passwords behind flags of one letter: what such a flag means depends on the program, so both are looked for. Sources: the
 * manual pages of the programs.
 */

/** The programs, as alternatives of a pattern. */
export const PROGRAMS: string =
  'mysql|mariadb|sshpass|(?:redis|valkey)-cli|mongo(?:sh|dump|restore|export|import)?(?=[ \\t"\',])|sqlcmd|' +
  'openssl|7z|zip|(?:docker|podman|helm registry|az|oc)[ \\t]+login'

/** Such a flag, after its hyphen: behind white space or a quote. */
export const SHORT_FLAG: string = '(?<=[\\s"\'`]-)[pak]'

/** Where the password stands: next to the flag, as the next word, or either. */
type Place = 'attached' | 'next' | 'either'

/** The flags that announce a password. */
const FLAGS: readonly (readonly [program: RegExp, flags: string, place: Place])[] = [
  [/^(?:mysql|mariadb|7z)/i, 'p', 'attached'],
  [/^sshpass|login$/i, 'p', 'either'],
  [/^mongo/i, 'p', 'next'],
  [/-cli$/i, 'a', 'next'],
  [/^(?:sqlcmd|zip)/i, 'P', 'either'],
  [/^openssl/i, 'kK', 'next'],
]

// The flag ends here: `-p x`, and `'-p', 'x'` of a list of arguments.
const NEXT_WORD = /^(?:$|[\s,)\]]|["']\s?[,)\]])/
const ARGUMENT_END = /["']?[ \t]?,?/y

/** Remembers the program for the flags behind it on its line. */
export function noteProgram(scan: TextScanner, name: string, index: number): void {
  scan.program = { name, end: scan.lineEnd(index) }
}

/** The password after the flag at `index`, if the program on the same line has one there. */
export function flagSpan(scan: TextScanner, index: number): Span | undefined {
  const { program, text } = scan
  if (program === undefined || index > program.end) return undefined
  const flag = text.charAt(index + 1)
  const rule = FLAGS.find(([name, flags]) => name.test(program.name) && flags.includes(flag))
  if (rule === undefined) return undefined
  const [, , place] = rule
  const isNext = NEXT_WORD.test(text.slice(index + 2, index + 6))
  if (isNext ? place === 'attached' : place === 'next') return undefined
  const from = isNext ? scan.endOf(ARGUMENT_END, index + 2) : index + 2
  const span = quotedOrWord(scan, from)
  return span === undefined || span.start > program.end ? undefined : span
}
