import { CONSOLE_PREFIX } from './console.js'
import { BLOCKING_PATH } from './coupons.js'

/** Says what can be tried now. */
export function printHints(address: string, print: (text: string) => void): void {
  const consoleUrl = `${address}${CONSOLE_PREFIX}`
  const ann = `-H 'authorization: Bearer token-of-ann'`
  print(`\nStill serving on ${address}; Ctrl-C ends it. Try:`)
  print(`  curl -i -H 'accept: application/problem+json' ${address}/nowhere`)
  print(`  curl -i ${ann} ${address}/report              # crashes`)
  print(`  curl -i ${ann} ${address}/export              # is too slow`)
  print(`  curl -i ${ann} ${address}/orders/with-lines   # runs a query for each row`)
  print(`  curl -i ${ann} ${address}${BLOCKING_PATH}   # blocks the event loop`)
  print(`\nThe console is at ${consoleUrl}/`)
  print(
    'Open it, go from a crash to its newest report, and read on its time line what that request did, and beside its trace the lines of code. Then:',
  )
  print(`  ${consoleUrl}/live                   # shows the requests above as they happen`)
  print(`  ${consoleUrl}/reference/Order/42     # all calls of one order`)
  print(`  ${consoleUrl}/slow                   # the slowest routes, and where their time went`)
  print(
    `  ${consoleUrl}/reports?status=blocked # what held up the event loop, as a tree with file and line`,
  )
  print(
    'The newest report of GET /orders/with-lines names the statement that it ran a hundred times; that of GET /coupons/:code the line that blocked.',
  )
  print(
    'Press ? in it for the keys. Whatever is changed there is an audit event, and shown there, too.',
  )
}
