let read = () => Date.now()

/** Milliseconds since 1970. The only place that reads the machine's clock; tests move it. */
export const now = (): number => read()

/** For tests: what `now` answers from here on; undefined gives the machine's clock back. */
export const moveClock = (to: (() => number) | undefined): void => {
  read = to ?? (() => Date.now())
}
