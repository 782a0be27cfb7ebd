import { parseArgs } from 'node:util'

/** How the program is called. */
export const USAGE = `Usage: npx @fastify-scs/console <store> [--port <number>]

Opens the console over a store, for reading only, on this machine only.

  <store>          sqlite:./scs.db or postgres://user@host/database; before Node 22.13 the first needs better-sqlite3 beside it:
                   npx -p @fastify-scs/console -p better-sqlite3@12 console sqlite:./scs.db
  --port <number>  the port to listen on; without it any free one
  --help           this text
`

/** What a call asks for. */
export type Command =
  | { readonly what: 'help' }
  | { readonly what: 'wrong'; readonly why: string }
  | { readonly what: 'open'; readonly url: string; readonly port: number }

/** Reads the arguments of a call. */
export function readArguments(args: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help === true) return { what: 'help' }
    const [url, ...more] = positionals
    if (url === undefined) return wrong('No store is named.')
    if (more.length > 0) return wrong(`One store is enough: what is ${more.join(' ')}?`)
    const { port = '0' } = values
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      return wrong(`--port takes a number up to 65535, not ${port}.`)
    return { what: 'open', url, port: Number(port) }
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
}

function wrong(why: string): Command {
  return { what: 'wrong', why }
}
