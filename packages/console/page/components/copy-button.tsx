import { useToast } from '../shell/toasts.js'

/** Copies a text to the clipboard. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const toast = useToast()
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      toast({ text: 'Copied' })
    } catch {
      // Without HTTPS a browser has no clipboard for pages.
      toast({ text: 'The browser did not allow the copy; select the text instead', kind: 'failed' })
    }
  }
  return (
    <button type="button" class="quiet" onClick={copy}>
      {label}
    </button>
  )
}
