import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import { type GetPrismaClientConfig, getPrismaClient } from '@prisma/client/runtime/client'
import type pg from 'pg'

/** What a test asks of the client. */
export interface OrdersClient {
  readonly order: {
    create(query: object): Promise<unknown>
    count(): Promise<number>
    findFirst(query?: object): Promise<unknown>
    findMany(query?: object): Promise<unknown[]>
    findUnique(query: object): Promise<unknown>
  }
  $transaction<Result>(run: (client: OrdersClient) => Promise<Result>): Promise<Result>
  $transaction(queries: Promise<unknown>[]): Promise<unknown[]>
  $disconnect(): Promise<void>
  $on(event: 'query', listener: (event: unknown) => void): void
}

const load = createRequire(import.meta.url)

const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { readonly Module: new (bytes: Uint8Array) => unknown }
}

/** A part of the package that has no types. */
async function part(name: string): Promise<Record<string, unknown>> {
  return load(`@prisma/client/runtime/${name}`) as Record<string, unknown>
}

/**
 * A client of Prisma as `prisma generate` makes it of the schema in the JSON file, over a pool of pg. The file was generated with
 * `PRISMA_SCHEMA_ENGINE_BINARY=/bin/true`, since the generator wants a binary that it does not need.
 */
export function prismaOver(pool: pg.Pool, options: object = {}): OrdersClient {
  const generated = readFileSync(new URL('prisma-orders.json', import.meta.url), 'utf8')
  const Client = getPrismaClient({
    ...(JSON.parse(generated) as GetPrismaClientConfig),
    compilerWasm: {
      getRuntime: () => part('query_compiler_fast_bg.postgresql.js') as never,
      getQueryCompilerWasmModule: async () => {
        const { wasm } = await part('query_compiler_fast_bg.postgresql.wasm-base64.js')
        return new WebAssembly.Module(Buffer.from(String(wasm), 'base64'))
      },
      importName: './query_compiler_fast_bg.js',
    },
  })
  return new Client({ adapter: new PrismaPg(pool), ...options }) as unknown as OrdersClient
}
