import { createEffect } from 'solid-js'
import { useStaff } from './staff.tsx'

/** Names the tab after the page. */
export function useTitle(title: () => string | undefined): void {
  const staff = useStaff()
  createEffect(() => {
    document.title = [title(), staff.boot.msp?.name].filter(Boolean).join(' · ')
  })
}
