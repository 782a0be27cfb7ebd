import type { LogFields } from './log-fields.js'
import { NotRecorded } from './not-recorded.js'

/** Stands for a body that only the application may read. */
export const UNSEEN: NotRecorded = new NotRecorded('the application reads it; pass it as "body"')

/** What the `config` of axios tells of a request; nothing where there is none. */
export function requestOfConfig(config: unknown): Partial<LogFields> {
  if (typeof config !== 'object' || config === null) return {}
  const { url, baseURL, method, headers, data } = config as Readonly<Record<string, unknown>>
  return {
    ...(typeof method === 'string' ? { method } : {}),
    ...(typeof headers === 'object' && headers !== null
      ? { requestHeaders: headers as NonNullable<LogFields['requestHeaders']> }
      : {}),
    ...urlOf(url, baseURL),
    data: isStream(data) ? UNSEEN : data,
  }
}

/** Whether a body can be read only once. */
export function isStream(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('pipe' in value || 'getReader' in value)
}

function urlOf(url: unknown, baseURL: unknown): { url?: string } {
  if (typeof url !== 'string') return typeof baseURL === 'string' ? { url: baseURL } : {}
  if (URL.canParse(url) || typeof baseURL !== 'string') return { url }
  // As axios joins them, which is not as URLs are resolved.
  return { url: `${baseURL.replace(/\/$/, '')}/${url.replace(/^\//, '')}` }
}
