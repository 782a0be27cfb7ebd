/** A way to call the payment service. */
export interface Caller {
  /** Posts a payment and reads the whole answer. */
  call(payment: string): Promise<string>
  /** Resolves when nothing of the calls so far is left to do. */
  settle?(): Promise<unknown>
}

/** Makes a caller of the service at an origin, such as `http://127.0.0.1:8080`. */
export type MakeCaller = (origin: string) => Promise<Caller>

/** What each call sends beside its body. */
export const HEADERS = { 'content-type': 'application/json', accept: 'application/json' } as const

/** The built-in fetch and nothing else. */
export const plainFetch: MakeCaller = async (origin) => ({
  call: async (payment) => {
    const response = await fetch(`${origin}/payments`, {
      method: 'POST',
      headers: HEADERS,
      body: payment,
    })
    return response.text()
  },
})

/** The log that one would write by hand: a clone of the response is read for it. */
export const clonedFetch: MakeCaller = async (origin) => {
  const lastRecords: object[] = []
  return {
    call: async (payment) => {
      const url = `${origin}/payments`
      const startMs = performance.now()
      const response = await fetch(url, { method: 'POST', headers: HEADERS, body: payment })
      const logged = response.clone().text()
      const receipt = await response.text()
      lastRecords[0] = {
        url,
        method: 'POST',
        requestHeaders: HEADERS,
        data: payment,
        statusCode: response.status,
        responseHeaders: Object.fromEntries(response.headers),
        output: await logged,
        durationMs: performance.now() - startMs,
      }
      return receipt
    },
  }
}

/** undici's request and nothing else. */
export const plainRequest: MakeCaller = async (origin) => {
  // Only here: loaded before the first built-in fetch it would change what that one is.
  const { request } = await import('undici')
  return {
    call: async (payment) => {
      const { body } = await request(`${origin}/payments`, {
        method: 'POST',
        headers: HEADERS,
        body: payment,
      })
      return body.text()
    },
  }
}
