/**
 * Makes a function that tells the stack of the call to `caller`. It must be called before that call returns; it is lazy
 * because most calls of a storm never need it.
 */
export function callStackOf(caller: (...args: never[]) => unknown): () => string {
  return () => {
    const holder: { stack?: string } = {}
    Error.captureStackTrace(holder, caller)
    const stack = holder.stack ?? ''
    // The first line names the holder.
    return stack.slice(stack.indexOf('\n') + 1)
  }
}
