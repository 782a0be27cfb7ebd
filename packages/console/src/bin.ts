import { readArguments, USAGE } from './standalone/arguments.js'
import { reasonOf } from './standalone/reason.js'
import { serveConsole } from './standalone/serve.js'

const command = readArguments(process.argv.slice(2))
switch (command.what) {
  case 'help':
    process.stdout.write(USAGE)
    break
  case 'wrong':
    process.stderr.write(`${command.why}\n\n${USAGE}`)
    process.exitCode = 2
    break
  default:
    await open(command.url, command.port)
}

async function open(url: string, port: number): Promise<void> {
  try {
    const served = await serveConsole(url, port)
    process.stdout.write(
      `The console is at ${served.address}\nIt only reads. End it with Ctrl+C.\n`,
    )
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        // A second signal ends the process at once.
        served.close().catch(fail)
      })
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${reasonOf(error)}\n`)
  process.exitCode = 1
}
