import { scsPlugin } from 'fastify-scs'

void scsPlugin
