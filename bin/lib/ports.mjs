import { createServer } from 'node:net'
import { Refusal } from './words.mjs'

const loopback = '127.0.0.1'

/**
 * A port from the environment, or the usual one. Zero is not offered: links in mails carry the port.
 * @param {string} variable
 * @param {number} usual
 */
export function portFrom(variable, usual) {
  const text = process.env[variable]
  if (text === undefined || text === '') return usual
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Refusal(`${variable} is "${text}", which is not a port (1 to 65535).`)
  return port
}

/**
 * @param {number} port
 * @param {string} variable the environment variable that moves it, for the message
 */
export async function claimable(port, variable) {
  const problem = await tryPort(port)
  if (problem === null) return
  if (problem === 'EACCES')
    throw new Refusal(`Port ${port} needs administrator rights. Set ${variable} to one above 1023.`)
  throw new Refusal(`Port ${port} is already taken by another program. Stop it, or set ${variable} to a free one.`)
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, loopback, () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/**
 * @param {number} port
 * @returns {Promise<string | null>} the error's code, or null when the port can be had
 */
export function tryPort(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code ?? 'unknown'))
    server.listen({ port, host: loopback, exclusive: true }, () => server.close(() => resolve(null)))
  })
}
