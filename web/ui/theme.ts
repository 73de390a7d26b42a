import { createSignal } from 'solid-js'

export type Theme = 'system' | 'light' | 'dark'

// The page's first script reads the same key before anything is painted.
const key = 'theme'

const [theme, remember] = createSignal<Theme>(stored())

export { theme }

/** Applies a theme now and on every later visit from this browser. */
export function setTheme(next: Theme): void {
  remember(next)
  if (next === 'system') {
    localStorage.removeItem(key)
    delete document.documentElement.dataset['theme']
  } else {
    localStorage.setItem(key, next)
    document.documentElement.dataset['theme'] = next
  }
}

function stored(): Theme {
  const value = document.documentElement.dataset['theme']
  return value === 'light' || value === 'dark' ? value : 'system'
}
