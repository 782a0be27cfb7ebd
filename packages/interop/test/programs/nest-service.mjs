// A NestJS service as a user would write it, without the decorators' syntax, which plain JavaScript does not have.
import 'reflect-metadata'
import scsPlugin, { abort, ServiceError } from '@fastify-scs/core'
import { ScsExceptionFilter } from '@fastify-scs/core/nest'
import errorReporter from '@fastify-scs/error-reporter'
import {
  Body,
  Controller,
  Get,
  Module,
  NotFoundException,
  Post,
  ValidationPipe,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { IsInt, IsString } from 'class-validator'

class InvalidUserError extends ServiceError {
  static code = 'INVALID_USER'
  static status = 401
}

class Order {}
IsString()(Order.prototype, 'article')
IsInt()(Order.prototype, 'amount')

class Orders {
  abort() {
    abort(429, { id: 'orders-too-many' })
  }
  registered() {
    throw (
      app.getHttpAdapter().getInstance().scs.errors.length > 0 && soldOut({ details: { left: 1 } })
    )
  }
  service() {
    throw new InvalidUserError("Sorry, we don't know you")
  }
  nest() {
    throw new NotFoundException('No such order')
  }
  bug() {
    throw new Error('the pool is exhausted')
  }
  create(order) {
    return order
  }
}
for (const name of ['abort', 'registered', 'service', 'nest', 'bug']) {
  Get(name)(Orders.prototype, name, Object.getOwnPropertyDescriptor(Orders.prototype, name))
}
Post()(Orders.prototype, 'create', Object.getOwnPropertyDescriptor(Orders.prototype, 'create'))
Body()(Orders.prototype, 'create', 0)
Reflect.defineMetadata('design:paramtypes', [Order], Orders.prototype, 'create')
Controller('orders')(Orders)

class AppModule {}
Module({ controllers: [Orders] })(AppModule)

const titles = []
const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false })
const fastify = app.getHttpAdapter().getInstance()
await fastify.register(scsPlugin, { audit: false })
await fastify.register(errorReporter, { errorReporter: (title) => void titles.push(title) })
fastify.scs.registerError({ code: 429, id: 'orders-too-many', message: 'Too many orders' })
const soldOut = fastify.scs.registerError({ code: 409, id: 'orders-sold-out', message: 'Sold out' })
app.useGlobalPipes(new ValidationPipe())
if (!process.argv.includes('--without-filter')) app.useGlobalFilters(new ScsExceptionFilter())
await app.listen(0, '127.0.0.1')

const url = await app.getUrl()
const answers = {}
async function ask(name, path, init) {
  const answer = await fetch(`${url}${path}`, init)
  answers[name] = { status: answer.status, body: await answer.json() }
}
for (const name of ['abort', 'registered', 'service', 'nest', 'bug'])
  await ask(name, `/orders/${name}`)
await ask('unknown', '/nowhere')
await ask('invalid', '/orders', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"article":"tea","amount":"many"}',
})
await fastify.errorReporter.flush()
console.log(JSON.stringify({ answers, titles }))
await app.close()
