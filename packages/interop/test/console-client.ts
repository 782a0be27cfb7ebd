/** Changes groups as the page of the console does: over HTTP, with the token of a session. */
export class ConsoleClient {
  readonly #api: string
  readonly #headers: Readonly<Record<string, string>>

  private constructor(api: string, headers: Readonly<Record<string, string>>) {
    this.#api = api
    this.#headers = headers
  }

  /** @param address where the service listens, for example `http://127.0.0.1:3000` */
  static async of(address: string): Promise<ConsoleClient> {
    const api = `${address}/_scs/api`
    const answer = await fetch(`${api}/session`)
    const { token } = (await answer.json()) as { token: string }
    const cookie = answer.headers.getSetCookie().map((set) => set.split(';', 1)[0])
    return new ConsoleClient(api, {
      origin: address,
      cookie: cookie.join('; '),
      'x-scs-token': token,
      'content-type': 'application/json',
    })
  }

  /** Changes the only group; returns its status. */
  async change(what: object): Promise<string> {
    const list = await this.#ask<{ items: { fingerprint: string; revision: number }[] }>('/groups')
    const [group, ...more] = list.items
    if (group === undefined || more.length > 0) throw new Error(`${more.length} groups too many`)
    const { fingerprint, revision } = group
    const body = JSON.stringify({ revision, ...what })
    const path = `/groups/${encodeURIComponent(fingerprint)}`
    const changed = await this.#ask<{ group: { status: string } }>(path, { method: 'POST', body })
    return changed.group.status
  }

  async #ask<Answer>(path: string, options: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${this.#api}${path}`, { headers: this.#headers, ...options })
    const body = await answer.json()
    if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(body)}`)
    return body as Answer
  }
}
