/** Where what held the focus is gone from the page, its heading takes it, so that nobody begins at the top again. */
export const keepFocus = (): void => {
  const held = document.activeElement
  if (held === null || held === document.body) document.querySelector<HTMLElement>('main h1')?.focus()
}
