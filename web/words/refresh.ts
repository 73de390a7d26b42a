/** Words about figures that are read anew because somebody asked. */
import { list, number, wait } from './format.ts'

export const refresh = {
  ask: 'Refresh',
  asking: 'Refreshing…',
  reading: (read: number, expected: number | null) =>
    read === 0
      ? 'Reading Microsoft 365…'
      : expected === null
        ? `Reading Microsoft 365: ${number(read)} people so far`
        : `Reading Microsoft 365: ${number(read)} of ${number(expected)} people`,
  done: 'These are the newest figures.',
  goesOn: 'Microsoft takes longer than usual. It goes on by itself; the figures will be here when you come back.',
  failed: (names: string[]) =>
    `${list(names)} could not be read. What you see is as it was; it is tried again by itself.`,
  tooSoon: (seconds: number | null) =>
    seconds === null
      ? 'These figures were asked for a moment ago. Try again in a few minutes.'
      : `These figures were asked for a moment ago. You can ask again in ${wait(seconds)}.`,
}
