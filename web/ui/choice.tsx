import type { JSX } from 'solid-js'
import { down, Icon } from './icon.tsx'
import { Menu } from './menu.tsx'
import './nav.css'

/** A filter of which one value, or any, is chosen. */
export function Choice(props: {
  title: string
  any: string
  value: string | undefined
  options: { value: string; label: string }[]
  onChoose: (value: string | undefined) => void
}): JSX.Element {
  const chosen = () => props.options.find(({ value }) => value === props.value)
  return (
    <Menu
      buttonClass={chosen() ? 'chip chosen' : 'chip'}
      button={
        <>
          {chosen() ? `${props.title}: ${chosen()?.label ?? ''}` : props.title}
          <Icon of={down} />
        </>
      }
      groups={[
        [{ label: props.any, checked: chosen() === undefined, onSelect: () => props.onChoose(undefined) }],
        props.options.map(({ value, label }) => ({
          label,
          checked: value === props.value,
          onSelect: () => props.onChoose(value),
        })),
      ]}
    />
  )
}
