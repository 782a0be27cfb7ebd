import '@fastify-scs/testing'
