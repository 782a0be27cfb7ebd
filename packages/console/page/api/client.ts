import type { ApiError, Session } from '../../src/api/model.js'

/** A call of the API that failed, with a text for the reader. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  /** HTTP status code; 0 when there was no answer. */
  readonly status: number
  /** The error's id: `console-changed-meanwhile`. */
  readonly id: string
  readonly details: unknown

  constructor(status: number, id: string, message: string, details?: unknown) {
    super(message)
    this.status = status
    this.id = id
    this.details = details
  }
}

/** What a query may be made of; what is undefined, null or empty is left out. */
export type ApiQuery = Readonly<Record<string, string | number | undefined | null>>

/** Calls the console's API. */
export interface Api {
  /** The address of a path of the API, for a link or an EventSource. */
  url(path: string, query?: ApiQuery): string
  /** @throws ApiFailure */
  get<Answer>(path: string, query?: ApiQuery, signal?: AbortSignal): Promise<Answer>
  /** Sends the token of the session with it. @throws ApiFailure */
  post<Answer>(path: string, body: unknown): Promise<Answer>
  /** Takes the token that the session gave. */
  useToken(token: string | null): void
}

/** Makes a client of the API beneath the address that the page was served from. */
export function createApi(baseUrl: string, fetchFrom: typeof fetch = fetch): Api {
  let token: string | null = null
  const url = (path: string, query: ApiQuery = {}): string =>
    new URL(`api/${path}${queryText(query)}`, baseUrl).href
  const call = async <Answer>(address: string, init: RequestInit): Promise<Answer> => {
    const answer = await fetchFrom(address, init).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw new ApiFailure(0, 'no-answer', 'The service does not answer. Is it running?')
    })
    if (!answer.ok) throw await failureOf(answer)
    return (await answer.json()) as Answer
  }
  const get: Api['get'] = (path, query, signal) =>
    call(url(path, query), {
      headers: { accept: 'application/json' },
      ...(signal === undefined ? {} : { signal }),
    })
  const post = <Answer>(path: string, body: unknown): Promise<Answer> =>
    call(url(path), {
      method: 'POST',
      // The page shows a change before it is answered; who leaves at once must not take it back.
      keepalive: true,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(token === null ? {} : { 'x-scs-token': token }),
      },
      body: JSON.stringify(body),
    })
  return {
    url,
    get,
    post: async <Answer>(path: string, body: unknown): Promise<Answer> => {
      try {
        return await post<Answer>(path, body)
      } catch (error) {
        if (!(error instanceof ApiFailure) || error.status !== 403) throw error
        // Two tabs that were opened at once have got a token each, and the browser keeps one.
        const { token: current } = await get<Pick<Session, 'token'>>('session')
        if (current === token) throw error
        token = current
        return post(path, body)
      }
    },
    useToken: (given) => {
      token = given
    },
  }
}

/** A query as text with its `?`; empty for an empty one. */
export function queryText(query: ApiQuery): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value))
  }
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

async function failureOf(answer: Response): Promise<ApiFailure> {
  const text = await answer.text().catch(() => '')
  const { id, message, details } = readFailure(text)
  // The application's own refusal says that there is no such path: it does not know the console.
  const isOfConsole = id === undefined || /^console\b|^CONSOLE_/.test(id)
  const isRefused = answer.status === 401 || answer.status === 404
  const said = isRefused && !isOfConsole ? undefined : message
  return new ApiFailure(
    answer.status,
    id ?? String(answer.status),
    said ?? statusText(answer.status),
    details,
  )
}

/** The application may have chosen another format for its errors: its text is looked for where the usual formats have it. */
export function readFailure(text: string): {
  readonly id?: string
  readonly message?: string
  readonly details?: unknown
} {
  try {
    const body = JSON.parse(text) as Partial<ApiError> & Record<string, unknown>
    if (typeof body.error === 'object' && body.error !== null) return body.error
    const id = firstText(body.error, body.code, body.type)
    const message = firstText(body.error_description, body.detail, body.message, body.title)
    return {
      ...(id === undefined ? {} : { id }),
      ...(message === undefined ? {} : { message }),
      details: body.error_details ?? body.details,
    }
  } catch {
    // No JSON: a proxy's page, say. Its status says more than its text.
    return {}
  }
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '')
}

function statusText(status: number): string {
  if (status === 401 || status === 403 || status === 404)
    return `Not found, or you are no longer allowed to see it (${status}). Sign in again and reload the page.`
  if (status === 429)
    return 'Too many requests from this browser. Wait a minute, then try again (429).'
  if (status === 503) return 'The store is busy or away at the moment (503). Try again.'
  return `The service answered with the status ${status}.`
}
