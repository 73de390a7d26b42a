/**
 * Puts a floating box beside its anchor, in the top layer, so that no scrolling table or card clips it.
 * Inline styles go through CSSOM, which a strict CSP allows.
 */
export function place(anchor: Element, box: HTMLElement, side: 'start' | 'end' = 'start'): void {
  const from = anchor.getBoundingClientRect()
  const size = box.getBoundingClientRect()
  const gap = 6
  const edge = 8
  const wanted = side === 'start' ? from.left : from.right - size.width
  const left = Math.max(edge, Math.min(wanted, innerWidth - size.width - edge))
  const below = from.bottom + gap
  const top =
    below + size.height > innerHeight - edge && from.top - gap - size.height > edge
      ? from.top - gap - size.height
      : below
  box.style.setProperty('left', `${left}px`)
  box.style.setProperty('top', `${top}px`)
}

/** Keeps the box beside its anchor while the page scrolls or changes size. Returns what stops it. */
export function keepPlaced(anchor: Element, box: HTMLElement, side: 'start' | 'end' = 'start'): () => void {
  const again = () => place(anchor, box, side)
  again()
  addEventListener('scroll', again, true)
  addEventListener('resize', again)
  return () => {
    removeEventListener('scroll', again, true)
    removeEventListener('resize', again)
  }
}
