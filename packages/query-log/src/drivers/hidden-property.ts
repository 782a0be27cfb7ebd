/** Sets a property of somebody else's object that does not show where its properties are listed. */
export function hide(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true })
}
