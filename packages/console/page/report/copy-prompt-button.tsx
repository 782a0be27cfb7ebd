import type { ReportPrompt } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { segment } from '../api/queries.js'
import { useToast } from '../shell/toasts.js'

/** Copies a report and all that is known of its request, as a text for a coding assistant; the server writes it. */
export function CopyPromptButton({ id }: { id: string }) {
  const api = useApi()
  const toast = useToast()
  const copy = async (): Promise<void> => {
    const asking = api.get<ReportPrompt>(`prompts/${segment(id)}`)
    try {
      await writeText(asking.then(({ text }) => text))
      toast({ text: 'Copied' })
    } catch {
      // What the browser says of a text that did not come does not tell why.
      const failure = await asking.then(
        () => 'The browser did not allow the copy',
        (error: unknown) => String(error instanceof Error ? error.message : error),
      )
      toast({ text: failure, kind: 'failed' })
    }
  }
  return (
    <button type="button" class="quiet" onClick={copy}>
      Copy as prompt
    </button>
  )
}

/** Writes a text to the clipboard that is still to come: Safari takes it only from within the click. */
async function writeText(coming: Promise<string>): Promise<void> {
  if (typeof ClipboardItem === 'undefined') {
    await navigator.clipboard.writeText(await coming)
    return
  }
  const blob = coming.then((text) => new Blob([text], { type: 'text/plain' }))
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })])
}
