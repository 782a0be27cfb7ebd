import { type ComponentChildren, createContext } from 'preact'
import { useCallback, useContext, useMemo, useRef, useState } from 'preact/hooks'

/** How long a toast stays, in milliseconds; one that tells of a failure stays until it is closed. */
const SHOWN_MS = 6_000

/** A short message about what was just done. */
export interface Toast {
  readonly text: string
  /** @default 'done' */
  readonly kind?: 'done' | 'failed'
}

interface ShownToast extends Toast {
  readonly id: number
}

const ToastContext = createContext<((toast: Toast) => void) | undefined>(undefined)

/** Shows toasts in a corner of the page, and reads them to screen readers. */
export function ToastProvider({ children }: { children: ComponentChildren }) {
  const [toasts, setToasts] = useState<readonly ShownToast[]>([])
  const lastId = useRef(0)
  const close = useCallback(
    (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)),
    [],
  )
  const show = useCallback(
    (toast: Toast) => {
      lastId.current += 1
      const id = lastId.current
      setToasts((shown) => [...shown.slice(-3), { ...toast, id }])
      if (toast.kind !== 'failed') setTimeout(() => close(id), SHOWN_MS)
    },
    [close],
  )
  const list = useMemo(
    () =>
      toasts.map(({ id, text, kind }) => (
        <li key={id} class={`toast toast-${kind ?? 'done'}`}>
          <span>{text}</span>
          <button type="button" class="quiet" aria-label="Close message" onClick={() => close(id)}>
            ×
          </button>
        </li>
      )),
    [toasts, close],
  )
  return (
    <ToastContext.Provider value={show}>
      {children}
      <section aria-label="Messages" aria-live="polite" class="toasts">
        <ul>{list}</ul>
      </section>
    </ToastContext.Provider>
  )
}

/** Shows a toast. @throws Error outside of a ToastProvider */
export function useToast(): (toast: Toast) => void {
  const show = useContext(ToastContext)
  if (show === undefined) throw new Error('useToast is called outside of a ToastProvider')
  return show
}
