// The part of what openapi-typescript makes of the reader's service that the pages of the client use.
type Body<Id extends string, Details> = {
  error: { id: Id; message: string; details: Details }
}

export interface paths {
  '/orders': {
    post: {
      responses: {
        409: { content: { 'application/json': Body<'orders-sold-out', { left: number }> } }
        500: { content: { 'application/json': Body<string, unknown> } }
      }
    }
  }
}
