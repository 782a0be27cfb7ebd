import integrationLog from '@fastify-scs/integration-log'
import Fastify from 'fastify'

const services = {
  stripe: { origin: 'https://api.stripe.com' },
  payments: { origin: 'https://api.payments.example' },
}

declare module 'fastify' {
  interface FastifyIntegrations {
    services: keyof typeof services
  }
}

const app = Fastify()
await app.register(integrationLog, { services })
app.integrations.service('stripe')
// @ts-expect-error no such service
app.integrations.service('paymnts')
app.get('/', (request) => {
  request.integrations.service('payments')
  // @ts-expect-error no such service
  return request.integrations.service('stirpe').name
})
