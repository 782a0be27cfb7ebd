/**
 * The class of fetch's answers. Reading it makes Node load the built-in fetch, which puts its dispatcher in place; undici, when it
 * is loaded first, puts its own there, for all of the process.
 */
export const BuiltInResponse: typeof Response = globalThis.Response
