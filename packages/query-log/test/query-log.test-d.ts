import type { QueriesFact } from '@fastify-scs/query-log'
import { expectTypeOf } from 'vitest'

expectTypeOf<QueriesFact['count']>().toEqualTypeOf<number>()
