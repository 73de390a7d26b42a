/**
 * An answer that is asked for at start, while the code that shows it is still on its way. It is taken once; where it
 * has come by then, it is taken as a value, so that nothing has to be drawn for a wait that is over.
 */
export function early<T>(): {
  ask: (key: string, answer: Promise<T>) => void
  take: (key: string) => T | Promise<T> | undefined
} {
  let asked: { key: string; answer: Promise<T>; come?: { value: T } } | undefined
  return {
    ask: (key, answer) => {
      const mine: typeof asked = { key, answer }
      asked = mine
      answer.then(
        (value) => {
          mine.come = { value }
        },
        // Whoever takes the promise handles its failure; until then it must not count as unhandled.
        () => undefined,
      )
    },
    take: (key) => {
      const taken = asked?.key === key ? asked : undefined
      asked = undefined
      return taken?.come ? taken.come.value : taken?.answer
    },
  }
}
