import type { ScsErrorAnswer } from '@fastify-scs/client'

const answer: ScsErrorAnswer = { id: 'orders-closed' }
void answer
