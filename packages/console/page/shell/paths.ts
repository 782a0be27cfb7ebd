// Every address of the page, so that no view writes one by hand. They are beneath the base of the router.

import { type ApiQuery, queryText } from '../api/client.js'

const part = encodeURIComponent

/** The addresses of the views. */
export const paths = {
  overview: (query: ApiQuery = {}) => `/${queryText(query)}`,
  groups: (query: ApiQuery = {}) => `/groups${queryText(query)}`,
  group: (fingerprint: string) => `/groups/${part(fingerprint)}`,
  reports: (query: ApiQuery = {}) => `/reports${queryText(query)}`,
  report: (id: string) => `/reports/${part(id)}`,
  /** @param at when one of its records was made: other requests may have the same id */
  request: (requestId: string, at?: number) => `/requests/${part(requestId)}${queryText({ at })}`,
  trace: (traceId: string) => `/traces/${part(traceId)}`,
  search: (words: string) => `/search${queryText({ q: words })}`,
  calls: (query: ApiQuery = {}) => `/calls${queryText(query)}`,
  call: (id: string) => `/calls/${part(id)}`,
  reference: (type: string, id: string) => `/reference/${part(type)}/${part(id)}`,
  slow: (query: ApiQuery = {}) => `/slow${queryText(query)}`,
  audit: (query: ApiQuery = {}) => `/audit${queryText(query)}`,
  auditEvent: (id: string) => `/audit/${part(id)}`,
  user: (user: string) => `/users/${part(user)}`,
  live: (query: ApiQuery = {}) => `/live${queryText(query)}`,
} as const

/** The page of a record. */
export function pathOfRecord({ kind, id }: { readonly kind: string; readonly id: string }): string {
  if (kind === 'reports') return paths.report(id)
  return kind === 'audit_events' ? paths.auditEvent(id) : paths.call(id)
}

/** The path that all of the page is beneath, without the slash at its end: `/_scs` for `https://shop.example/_scs/`. */
export function routerBase(baseUrl: string): string {
  return new URL('.', baseUrl).pathname.replace(/\/+$/, '')
}

/** What a part of a path says; as it is where it is no valid escape. */
export function decoded(text: string | undefined): string {
  if (text === undefined) return ''
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
