/**
 * The own symbol of an object that has this description; undefined where there is none. Fastify keeps under symbols that it
 * does not export what it has no public way to ask for.
 *
 * Source: https://github.com/fastify/fastify/blob/main/lib/symbols.js
 */
export function symbolDescribed(holder: object, wanted: string): symbol | undefined {
  return Object.getOwnPropertySymbols(holder).find(({ description }) => description === wanted)
}
