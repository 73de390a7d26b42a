/** Whether a key press belongs to a field the person is typing in. */
export function typingIn(event: KeyboardEvent): boolean {
  const target = event.target
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select') ||
      target.closest('dialog, [popover]') !== null)
  )
}
