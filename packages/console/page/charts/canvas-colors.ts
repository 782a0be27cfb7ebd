/** Reads the colours of custom properties as a canvas takes them, in the theme of now. */
export function canvasColors<Name extends string>(
  within: HTMLElement,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const probe = document.createElement('span')
  within.append(probe)
  // A custom property says `light-dark(…)`; only a property that uses it says which.
  const colors = names.map((name) => {
    probe.style.color = `var(--${name})`
    return [name, getComputedStyle(probe).color] as const
  })
  probe.remove()
  return Object.fromEntries(colors) as Record<Name, string>
}

/** Calls back when the colours have become others. Returns a function that ends it. */
export function watchColors(callback: () => void): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', callback)
  window.addEventListener('scs-theme', callback)
  return () => {
    system.removeEventListener('change', callback)
    window.removeEventListener('scs-theme', callback)
  }
}
