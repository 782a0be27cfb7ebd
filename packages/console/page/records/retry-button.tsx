import { useQueryClient } from '@tanstack/preact-query'
import { useRef, useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { useApi } from '../api/context.js'
import { segment } from '../api/queries.js'
import { paths } from '../shell/paths.js'
import { useToast } from '../shell/toasts.js'

/** Sends a call again, once one has confirmed it: it may have an effect at the other side. */
export function RetryButton({ id }: { id: string }) {
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const [, navigate] = useLocation()
  const dialog = useRef<HTMLDialogElement>(null)
  const [isSending, setSending] = useState(false)
  const send = async (): Promise<void> => {
    dialog.current?.close()
    setSending(true)
    try {
      const path = `integration_requests/${segment(id)}/retry`
      const made = await api.post<{ readonly id: string }>(path, {})
      await queries.invalidateQueries({ queryKey: ['records', 'integration_requests'] })
      // The record that was sent again now names its last attempt.
      queries.removeQueries({ queryKey: ['record', 'integration_requests', id] })
      toast({ text: 'The call was sent again' })
      navigate(paths.call(made.id))
    } catch (error) {
      toast({ text: error instanceof Error ? error.message : String(error), kind: 'failed' })
    } finally {
      setSending(false)
    }
  }
  return (
    <>
      <button type="button" disabled={isSending} onClick={() => dialog.current?.showModal()}>
        {isSending ? 'Sending …' : 'Send again'}
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby="retry-heading">
        <h2 id="retry-heading">Send this call again?</h2>
        <p>The other side gets the same request once more. It becomes a record of its own.</p>
        <form method="dialog" class="dialog-buttons">
          <button type="submit">Do not send</button>
          <button type="button" class="primary" onClick={() => void send()}>
            Send again
          </button>
        </form>
      </dialog>
    </>
  )
}
