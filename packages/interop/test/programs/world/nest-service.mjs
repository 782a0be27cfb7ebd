// A NestJS service as a user would write it, without the decorators' syntax, which plain JavaScript does not have.
import 'reflect-metadata'
import scsPlugin, { abort, currentRequest, ServiceError } from '@fastify-scs/core'
import { ScsExceptionFilter } from '@fastify-scs/core/nest'
import errorReporter from '@fastify-scs/error-reporter'
import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpException,
  InternalServerErrorException,
  Module,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { Type } from 'class-transformer'
import { IsInt, IsString, ValidateNested } from 'class-validator'

class InvalidUserError extends ServiceError {
  static code = 'INVALID_USER'
  static status = 401
}

class Address {}
IsString()(Address.prototype, 'city')

class Order {}
IsString()(Order.prototype, 'article')
IsInt()(Order.prototype, 'amount')
ValidateNested()(Order.prototype, 'address')
Type(() => Address)(Order.prototype, 'address')

class NobodyGuard {
  canActivate() {
    return false
  }
}

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
  object() {
    throw new HttpException({ message: 'Closed on Sundays', day: 7 }, 409)
  }
  fatal() {
    const cause = new Error('connect ECONNREFUSED 10.0.0.7:5432')
    throw new InternalServerErrorException('the pool of 10.0.0.7 is exhausted', { cause })
  }
  guarded() {
    return 'never'
  }
  current() {
    return { url: currentRequest()?.url, timeline: currentRequest()?.timeline().length }
  }
  byNumber(number) {
    return { number }
  }
  create(order) {
    return order
  }
  createByErrors(order) {
    return order
  }
}
const GETS = [
  'abort',
  'registered',
  'service',
  'nest',
  'bug',
  'object',
  'fatal',
  'guarded',
  'current',
]
for (const name of GETS) Get(name)(Orders.prototype, name, methodOf(name))
UseGuards(NobodyGuard)(Orders.prototype, 'guarded', methodOf('guarded'))
Get('numbers/:number')(Orders.prototype, 'byNumber', methodOf('byNumber'))
Param('number', ParseIntPipe)(Orders.prototype, 'byNumber', 0)
Post()(Orders.prototype, 'create', methodOf('create'))
Body()(Orders.prototype, 'create', 0)
Reflect.defineMetadata('design:paramtypes', [Order], Orders.prototype, 'create')
const byErrors = new ValidationPipe({
  expectedType: Order,
  exceptionFactory: (errors) => new BadRequestException(errors),
})
Post('by-errors')(Orders.prototype, 'createByErrors', methodOf('createByErrors'))
Body(byErrors)(Orders.prototype, 'createByErrors', 0)
// The global pipe leaves it alone.
Reflect.defineMetadata('design:paramtypes', [Object], Orders.prototype, 'createByErrors')
Controller('orders')(Orders)

class AppModule {}
Module({ controllers: [Orders] })(AppModule)

const titles = []
const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false })
const fastify = app.getHttpAdapter().getInstance()
await fastify.register(scsPlugin, { audit: false, context: true })
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
async function post(name, body, path = '/orders') {
  await ask(name, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
}
for (const name of GETS) await ask(name, `/orders/${name}`)
await ask('pipe', '/orders/numbers/seven')
await ask('unknown', '/nowhere')
await ask('wrongMethod', '/orders/nest', { method: 'DELETE' })
await post('invalid', '{"article":"tea","amount":"many","address":{"city":7}}')
await post(
  'byErrors',
  '{"article":"tea","amount":"many","address":{"city":7}}',
  '/orders/by-errors',
)
await post('malformed', '{"article":')
await post('tooLarge', JSON.stringify('x'.repeat(2_000_000)))
await fastify.errorReporter.flush()
console.log(JSON.stringify({ answers, titles }))
await app.close()

function methodOf(name) {
  return Object.getOwnPropertyDescriptor(Orders.prototype, name)
}
