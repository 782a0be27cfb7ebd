/** What the compiler says of its own progress begins with the time. */
const OWN_LINE = /^\d\d?:\d\d:\d\d(?: [AP]M)? - /
const LISTED = /^ {4}\* /
const BUILDING = /Building project '(.+?)\/tsconfig\.json'/

/**
 * Shows how far `tsc -b --verbose` is, from its lines: on a terminal in one line that changes, elsewhere a line for each package. Whatever
 * else it says, such as errors, is printed as it is.
 */
export function buildProgress(out) {
  let packages = 0
  let begun = 0
  const clear = () => out.isTTY === true && begun > 0 && out.write('\r\x1b[K')
  return {
    line(text) {
      if (LISTED.test(text)) packages++
      const [, path] = BUILDING.exec(text) ?? []
      if (path !== undefined) {
        begun++
        const place = path.slice(path.lastIndexOf('packages/'))
        const said = `  ${begun} of ${packages}: ${place}`
        if (out.isTTY === true) out.write(`\r\x1b[K${said}`)
        else out.write(`${said}\n`)
      } else if (text !== '' && !LISTED.test(text) && !OWN_LINE.test(text)) {
        clear()
        out.write(`${text}\n`)
      }
    },
    end() {
      clear()
    },
  }
}
