import { run } from '@fastify-scs/cli'

process.exitCode = await run(process.argv.slice(2))
