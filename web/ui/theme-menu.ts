import { common } from '../words/common.ts'
import type { MenuItem } from './menu.tsx'
import { setTheme, theme, type Theme } from './theme.ts'

const labels: Record<Theme, string> = {
  system: common.themeSystem,
  light: common.themeLight,
  dark: common.themeDark,
}

/** The theme as a choice inside a menu. */
export const themeItems = (): MenuItem[] =>
  (['system', 'light', 'dark'] as const).map((value) => ({
    label: labels[value],
    get checked() {
      return theme() === value
    },
    onSelect: () => setTheme(value),
  }))
