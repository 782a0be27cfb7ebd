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
