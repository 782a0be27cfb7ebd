import { run } from '@fastify-scs/cli'

const ran: Promise<number> = run([])
void ran
