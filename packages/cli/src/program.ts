import { Command, CommanderError } from 'commander'
import { consoleCommand } from './commands/console.js'
import { assignCommand, muteCommand, reopenCommand, resolveCommand } from './commands/decide.js'
import { doctorCommand } from './commands/doctor.js'
import { errorsCommand } from './commands/errors.js'
import { exportCommand } from './commands/export.js'
import { findCommand } from './commands/find.js'
import { forgetCommand } from './commands/forget.js'
import { groupsCommand } from './commands/groups.js'
import { mcpCommand } from './commands/mcp.js'
import { pruneCommand } from './commands/prune.js'
import { showCommand } from './commands/show.js'
import { statsCommand } from './commands/stats.js'
import { tailCommand } from './commands/tail.js'
import { timelineCommand } from './commands/timeline.js'
import { verifyCommand } from './commands/verify.js'
import { EXIT, exitCodeOf } from './exit-codes.js'
import { lineOf, stackOf } from './failure.js'
import { type Io, processIo } from './io.js'
import { ReaderLeftError, WatchedSink } from './output/watched-sink.js'
import { ownVersion } from './own-version.js'
import { addGlobalOptions, Session } from './session.js'

const COMMANDS = [
  findCommand,
  tailCommand,
  showCommand,
  timelineCommand,
  groupsCommand,
  resolveCommand,
  muteCommand,
  reopenCommand,
  assignCommand,
  statsCommand,
  exportCommand,
  pruneCommand,
  forgetCommand,
  verifyCommand,
  doctorCommand,
  errorsCommand,
  consoleCommand,
  mcpCommand,
]

const EXIT_CODES = `
Exit codes: 0 done; 1 it failed, or a check has found something wrong; 2 wrong usage; 3 what was asked for is not there.`

/** Runs the program with its arguments and returns its exit code; nothing is thrown. */
export async function run(args: readonly string[], io: Io = processIo()): Promise<number> {
  const program = new Command('fastify-scs')
  const watched = new WatchedSink(io.stdout)
  // Where nothing can be said, nobody can be told so either.
  io.stderr.on('error', () => {})
  const session = new Session(io, program, watched)
  try {
    declare(program, session)
    await program.parseAsync([...args], { from: 'user' })
    await watched.finish()
    return session.exitCode
  } catch (error) {
    if (error instanceof ReaderLeftError) return EXIT.done
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    session.output.done()
    io.stderr.write(`fastify-scs: ${session.isDebug ? stackOf(error) : lineOf(error)}\n`)
    return exitCodeOf(error)
  }
}

function declare(program: Command, session: Session): void {
  const { stdout, stderr } = session.io
  addGlobalOptions(program)
    .description('Reads and changes what fastify-scs has recorded.')
    .version(ownVersion(), '-V, --version')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      // A wrong command and its hint are one line.
      outputError: (text, write) =>
        write(`fastify-scs: ${lineOf(text.replace(/^error: /, '').trim())}\n`),
    })
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
  for (const command of COMMANDS) {
    const made = command(session)
    made.copyInheritedSettings(program)
    program.addCommand(made)
  }
}
