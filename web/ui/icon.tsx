import type { JSX } from 'solid-js'

/** A drawing on a 16 × 16 grid, one stroked path. Decorative: the word beside it carries the meaning. */
export type Shape = string

export function Icon(props: { of: Shape; class?: string }): JSX.Element {
  return (
    <svg class={`icon ${props.class ?? ''}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={props.of} />
    </svg>
  )
}

const ring = 'M14.2 8A6.2 6.2 0 1 1 1.8 8a6.2 6.2 0 0 1 12.4 0z'

export const ok: Shape = `${ring}M5.2 8.2l2 2 3.6-4.2`
export const alert: Shape = 'M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.1'
export const stop: Shape = `${ring}M8 4.8v3.6M8 10.9v.1`
export const info: Shape = `${ring}M8 7.4v3.4M8 5.1v.1`
export const clock: Shape = `${ring}M8 4.5V8l2.3 1.6`
export const none: Shape =
  'M5.6 2.3a6.2 6.2 0 0 1 1.7-.5M9.6 2a6.2 6.2 0 0 1 1.8.8M13 4.5a6.2 6.2 0 0 1 .9 1.7M14.2 8.6a6.2 6.2 0 0 1-.5 1.8M12.3 12.5a6.2 6.2 0 0 1-1.6 1.1M8.7 14.2a6.2 6.2 0 0 1-1.8-.1M4.8 13.3a6.2 6.2 0 0 1-1.4-1.2M2.2 10.2a6.2 6.2 0 0 1-.4-1.8M2 6.3a6.2 6.2 0 0 1 .8-1.7'
export const down: Shape = 'm4 6 4 4 4-4'
export const up: Shape = 'm4 10 4-4 4 4'
export const left: Shape = 'm10 4-4 4 4 4'
export const right: Shape = 'm6 4 4 4-4 4'
export const cross: Shape = 'm4 4 8 8M12 4l-8 8'
export const plus: Shape = 'M8 3v10M3 8h10'
export const check: Shape = 'm3.5 8.5 3 3 6-7'
export const search: Shape = 'M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM10.5 10.5l3.5 3.5'
export const copy: Shape = 'M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3'
export const more: Shape =
  'M3.8 8a.6.6 0 1 1-1.2 0 .6.6 0 0 1 1.2 0zM8.6 8a.6.6 0 1 1-1.2 0 .6.6 0 0 1 1.2 0zM13.4 8a.6.6 0 1 1-1.2 0 .6.6 0 0 1 1.2 0z'
export const out: Shape = 'M6.5 3.5h-4v10h10v-4M9 2.5h4.5V7M13.5 2.5 7.5 8.5'
export const home: Shape = 'M2.5 7.2 8 2.5l5.5 4.7v6.3h-4v-4h-3v4h-4z'
export const people: Shape =
  'M8.5 5.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM1.5 13.5c.3-2.6 2-4 4.5-4s4.2 1.4 4.5 4M10.5 3.3a2.5 2.5 0 0 1 0 4.4M12 9.800c1.5.5 2.3 1.8 2.5 3.7'
export const building: Shape = 'M3 14V2.5h6.5V14M9.5 6.5H13V14M1.5 14h13M5.5 5.5H7M5.5 8H7M5.5 10.500H7'
export const pulse: Shape = 'M2 8h2.5l2-4.5 3 9 2-4.5H14'
export const sliders: Shape =
  'M2.5 5h6M12 5h1.500M2.5 11H4M7.5 11h6M11.9 5a1.7 1.7 0 1 1-3.4 0 1.7 1.7 0 0 1 3.4 0zM7.4 11a1.7 1.7 0 1 1-3.4 0 1.7 1.7 0 0 1 3.4 0z'
export const bell: Shape = 'M3.5 11.5h9l-1-1.8V6.800a3.500 3.500 0 0 0-7 0v2.900zM6.8 13.500a1.300 1.300 0 0 0 2.400 0'
export const horn: Shape = 'M2.5 6.500v3h2.500l5.500 3v-9l-5.500 3zM13 6.500v3'
export const lock: Shape = 'M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2'
export const mail: Shape = 'M2 3.5h12v9H2zM2.5 4.5l5.5 4.5 5.5-4.5'
export const cloud: Shape = 'M4.5 12.500a3 3 0 0 1-.4-6 4 4 0 0 1 7.7.6 2.7 2.7 0 0 1 .2 5.400z'
export const picture: Shape = 'M2 3h12v10H2zM2.5 11.5l3.5-4 3 3 2-2 2.5 3M10.5 6h.01'
export const sync: Shape = 'M13 6.500A5.3 5.3 0 0 0 3.5 5M3 9.500A5.3 5.3 0 0 0 12.5 11M3.5 2.500V5H6M12.5 13.500V11H10'
export const file: Shape = 'M4 1.800h5L12.500 5.300v8.900H4zM9 1.800v3.500h3.500'
export const upload: Shape = 'M8 10.500V2.500M4.800 5.500 8 2.300l3.200 3.200M2.500 10.500v3h11v-3'
export const download: Shape = 'M8 2.500v8M4.800 7.500 8 10.700l3.200-3.200M2.500 10.500v3h11v-3'
export const printer: Shape = 'M4.500 6V2h7v4M4.500 11.500H2V6h12v5.500h-2.500M4.500 9.500h7V14h-7z'
export const pen: Shape = 'M2.500 13.500l.7-3L10.500 3.200l2.300 2.300L5.500 12.800zM9 4.700l2.300 2.300'
export const grip: Shape = 'M6 3.500h.01M10 3.500h.01M6 8h.01M10 8h.01M6 12.500h.01M10 12.500h.01'
export const list: Shape = 'M5.5 4.500h8M5.5 8h8M5.5 11.500h8M2.5 4.500h.01M2.5 8h.01M2.5 11.500h.01'
export const key: Shape =
  'M7.8 10.400a2.4 2.4 0 1 1-4.800 0 2.4 2.4 0 0 1 4.800 0zM7.100 8.700l5.900-5.900M10.400 5.400l2 2'
export const ticket: Shape =
  'M2 4.500h12v2.200a1.400 1.400 0 0 0 0 2.600v2.200H2V9.300a1.400 1.400 0 0 0 0-2.600zM9.500 4.500v1.600M9.500 7.200v1.600M9.500 9.900v1.600'
export const reply: Shape = 'M6.500 3.500 2.500 7.500l4 4M2.500 7.500h6.800c2.400 0 4.200 1.600 4.200 4.500'
export const clip: Shape =
  'm13 7.500-5.200 5.200a3.200 3.200 0 0 1-4.600-4.600l5.600-5.500a2.100 2.100 0 0 1 3 3L6.400 11a1 1 0 0 1-1.500-1.400l4.800-4.800'
export const camera: Shape =
  'M2 5h2.800L6 3h4l1.200 2H14v8H2zM10.300 8.800a2.300 2.300 0 1 1-4.600 0 2.300 2.300 0 0 1 4.600 0z'
