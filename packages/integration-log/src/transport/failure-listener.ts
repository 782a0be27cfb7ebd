/** Takes what went wrong in the plugin's own code while a call of the host passed, which the call does not notice. */
export type FailureListener = (error: unknown) => void

/** Makes sure that a listener to failures does not fail itself. */
export function quietly(listener: FailureListener): FailureListener {
  return (error) => {
    try {
      listener(error)
    } catch {
      // There is nobody left to tell.
    }
  }
}
