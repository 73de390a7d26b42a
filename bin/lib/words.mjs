// What commands say and how: short lines, colour only for a person at a terminal, failures that name what to do next.

const colourful = process.stdout.isTTY === true && !process.env.NO_COLOR

/** @param {number} code */
const paint = (code) => (/** @type {string} */ text) => (colourful ? `\u001b[${code}m${text}\u001b[0m` : text)

export const bold = paint(1)
export const faint = paint(2)
export const red = paint(31)
export const green = paint(32)
export const yellow = paint(33)

/** A failure the reader can act on. It is printed as one sentence, without a stack; anything else is a bug and keeps its stack. */
export class Refusal extends Error {}

/** @param {string} [line] */
export function say(line = '') {
  process.stdout.write(`${line}\n`)
}

/** @param {string} line */
export function complain(line) {
  process.stderr.write(`${red('✗')} ${line}\n`)
}

/**
 * Runs one step of a command and says how long it took.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {{ quiet?: boolean }} [options]
 * @returns {Promise<T>}
 */
export async function step(name, work, { quiet = false } = {}) {
  const startedAt = Date.now()
  const result = await work()
  if (!quiet) say(`${green('✓')} ${name} ${faint(seconds(Date.now() - startedAt))}`)
  return result
}

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

/**
 * Runs a command's body: a Refusal becomes one line, a bug keeps its stack, and either ends with exit code 1.
 * @param {() => Promise<unknown>} body
 */
export async function command(body) {
  try {
    await body()
  } catch (error) {
    complain(error instanceof Refusal ? error.message : String(error instanceof Error ? (error.stack ?? error) : error))
    process.exit(1)
  }
}
