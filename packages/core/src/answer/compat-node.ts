import type { ServerResponse } from 'node:http'

// What core uses of Node beyond its documented API; test/answer/compat-node.test.ts tells when a release no longer has it.

/**
 * Lets a response have a body again. Once `writeHead` has been called with 204 or 304, Node leaves the body out, though the
 * call has failed.
 *
 * Without the field, an error answer after such a failure has a head and no body.
 */
export function allowBody(raw: ServerResponse): void {
  const response = raw as ServerResponse & { _hasBody?: boolean }
  if (response._hasBody === false) response._hasBody = true
}
