/** How titles of reports begin; kind, service and status have columns of their own. */
const BEGINNING = /^(?:NON-)?FATAL BACKEND ERROR \S+(?: \d{3} [^\s:]+:)? /

/** The title of a report or group, without what its row says beside it. */
export function shortTitle(title: string): string {
  return title.replace(BEGINNING, '')
}
