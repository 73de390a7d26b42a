import { createSignal } from 'solid-js'

const [rung, setRung] = createSignal(0)

/** Counts how often a bell was heard: who shows a conversation reads on. */
export const timesRung = rung

export const ring = (): void => void setRung((times) => times + 1)
