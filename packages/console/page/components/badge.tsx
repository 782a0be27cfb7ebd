import type { ComponentChildren } from 'preact'

/** What a badge's colour says; the text says it too. */
export type Tone = 'neutral' | 'bad' | 'warn' | 'good' | 'info' | 'stuck'

const TONES: Readonly<Record<string, Tone>> = {
  fatal: 'bad',
  'non-fatal': 'warn',
  slow: 'warn',
  stuck: 'stuck',
  blocked: 'stuck',
  open: 'info',
  regressed: 'bad',
  muted: 'neutral',
  resolved: 'good',
  Completed: 'good',
  Failed: 'bad',
  Queued: 'info',
  FATAL: 'bad',
  ERROR: 'bad',
  WARN: 'warn',
  INFO: 'neutral',
  DEBUG: 'neutral',
}

const LABELS: Readonly<Record<string, string>> = {
  fatal: 'Crash',
  'non-fatal': 'Non-fatal',
  slow: 'Slow',
  stuck: 'Stuck',
  blocked: 'Blocked',
  open: 'Open',
  regressed: 'Regressed',
  muted: 'Muted',
  resolved: 'Resolved',
}

/** A short word with a calm colour. */
export function Badge({
  tone = 'neutral',
  children,
}: {
  tone?: Tone
  children: ComponentChildren
}) {
  return <span class={`badge badge-${tone}`}>{children}</span>
}

/** The tone of a status, a kind or a level. */
export function toneOf(status: string): Tone {
  return TONES[status] ?? 'neutral'
}

/** What people call a status, a kind or a level. */
export function statusLabel(status: string): string {
  return LABELS[status] ?? status
}

/** The badge of a status, a kind or a level: `fatal`, `regressed`, `Failed`, `WARN`. */
export function StatusBadge({ status }: { status: string }) {
  return <Badge tone={toneOf(status)}>{statusLabel(status)}</Badge>
}

/** The badge of an HTTP status code. */
export function CodeBadge({ code }: { code: number | null }) {
  if (code === null) return null
  return <Badge tone={code >= 500 ? 'bad' : code >= 400 ? 'warn' : 'neutral'}>{code}</Badge>
}
