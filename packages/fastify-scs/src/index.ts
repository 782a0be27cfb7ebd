export { default as scsPlugin } from '@fastify-scs/core'
