// What is not answered for, as in bare Fastify: the exception is thrown where no plugin can be.

/** The cells that are left out, and why. */
export const limits = [
  // Fastify writes the chunks by itself after the last onSend hook, and core has no hook there.
  /^an async onSend hook that replaces the payload: a.* (of objects|then an object|then null)/,
  /^an async onSend hook that replaces the payload: a stream of objects, later/,
  // Fastify logs the error of such a hook, and pino's serializer for errors throws.
  /^an onResponse hook: throws a (frozen error|Proxy that throws)$/,
  /^an? .*onRequestAbort hook: throws a (frozen error|Proxy that throws)$/,
  // Node's own streams read the error that a generator throws.
  /^the read of a stream: throws a Proxy that throws$/,
  // The hint is written by hand in the midst of the answer.
  /^a trailer: sends a hint and throws$/,
]
