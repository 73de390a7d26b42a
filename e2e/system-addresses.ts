/**
 * Where a test finds the system that was started for its run; the tests live in another process than the system. Nothing here
 * starts one: every process of the runner reads this file, and what starts a system takes seconds to be read.
 */
export interface Addresses {
  /** By number, for calls that name no host: `http://127.0.0.1:41234`. */
  origin: string
  adminOrigin: string
  /** `PREFIX` stands for a portal's own. */
  portalOriginPattern: string
  sandbox: { http: string; smtp: string }
}

const variable = 'PORTICO_E2E'

/** Tells the processes that run the tests, which begin later, where the systems are: one for each worker. */
export function giveAddresses(addresses: Addresses[]): void {
  process.env[variable] = JSON.stringify(addresses)
}

export function readAddresses(): Addresses {
  const text = process.env[variable]
  if (text === undefined)
    throw new Error('The browser tests run through npm test or playwright, which start their systems first.')
  // Playwright counts the workers that run side by side from 0; one that takes the place of a broken one has its number.
  const mine = (JSON.parse(text) as Addresses[])[Number(process.env['TEST_PARALLEL_INDEX'])]
  if (mine === undefined) throw new Error('There are more workers than systems.')
  return mine
}
