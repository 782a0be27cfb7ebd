import { beginningOf, printableText } from '@fastify-scs/core/kit'
import type { CrashReport } from '../report/crash-report.js'
import { oneLine } from '../report/titles.js'
import { type ErrorReporter, namedReporter } from './reporter.js'
import { checkUrl, postJson } from './webhook.js'

/** Where a Slack reporter sends to. */
export interface SlackOptions {
  /** URL of an incoming webhook. Anything else, undefined too, is refused at once: an environment variable may be missing. */
  readonly url: string | undefined
}

// Limits of Slack: https://docs.slack.dev/reference/block-kit/blocks
const HEADER_MAX_CHARS = 150
const FIELD_MAX_CHARS = 2000
const TRACE_MAX_CHARS = 2900

/**
 * Posts each report to Slack as blocks: the title, where it happened and the trace, but no data of the request.
 *
 * @throws SCS_REPORTER_ERR_OPTIONS when the URL is not one
 */
export function slackReporter({ url }: SlackOptions): ErrorReporter {
  checkUrl('slackReporter.url', url)
  return namedReporter(
    'slack',
    (title, _message, report, { signal }) => {
      const body = JSON.stringify({
        text: escaped(title, FIELD_MAX_CHARS),
        blocks: blocksOf(report),
        // Else Slack would fetch and show what a link in the text of an error leads to, and anyone may have sent it.
        unfurl_links: false,
        unfurl_media: false,
      })
      return postJson({ url, body, headers: {}, signal })
    },
    { ignoresMessage: true },
  )
}

function blocksOf(report: CrashReport): readonly object[] {
  const { title, server, request, error_id, group, trace, stack, user } = report
  const lines = (trace.length > 0 ? trace : stack).map(printableText).join('\n')
  const fields = [
    ['Service', [server.api_name, server.api_version].filter(Boolean).join(' ')],
    ['Environment', `${server.environment}, ${server.fqdn}`],
    ['Request', request === null ? '-' : `${request.method} ${request.path}`],
    ['User', String(user?.id ?? '-')],
    ['Error id', error_id],
    ['Occurrences', `${group.occurrences}, since ${group.first_seen}`],
  ] as const
  return [
    { type: 'header', text: { type: 'plain_text', text: oneLine(title, HEADER_MAX_CHARS) } },
    { type: 'section', fields: fields.map(([name, text]) => field(name, text)) },
    ...(lines === '' ? [] : [{ type: 'section', text: mrkdwn(codeBlock(lines)) }]),
    { type: 'context', elements: [mrkdwn(suppressedText(report))] },
  ]
}

function suppressedText({ group, fingerprint }: CrashReport): string {
  const { suppressed, held_back } = group
  const text = `${suppressed} like it suppressed since the last report, group ${fingerprint}`
  return held_back === 0 ? text : `${text}; ${held_back} reports of any group held back`
}

function field(name: string, text: string): object {
  return mrkdwn(`*${name}*\n${escaped(printableText(text), FIELD_MAX_CHARS - 100)}`)
}

function codeBlock(lines: string): string {
  // Three backticks within would end the block.
  return `\`\`\`${escaped(lines.replaceAll('```', "'''"), TRACE_MAX_CHARS)}\`\`\``
}

function mrkdwn(text: string): object {
  return { type: 'mrkdwn', text }
}

/** Escapes Slack's control characters and cuts to what is left of the limit, never within an escape. */
function escaped(text: string, maxChars: number): string {
  const whole = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return whole.length <= maxChars
    ? whole
    : `${beginningOf(whole, maxChars - 1).replace(/&\w*$/, '')}…`
}
