/** Something that one side of a test waits for and the other side lets happen. */
export interface Gate {
  readonly opened: Promise<void>
  readonly open: () => void
}

/** Makes a closed gate. */
export function gate(): Gate {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = () => resolve()
  })
  return { opened, open }
}
