import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The local system's own keys, made once and kept beside its data: what they sealed stays readable after a restart.
 * @param {string} file
 * @returns {{ SEALING_KEYS: string, TOKEN_KEY: string }}
 */
export function localSecrets(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'))
  const secrets = {
    SEALING_KEYS: JSON.stringify({ local: randomBytes(32).toString('base64') }),
    TOKEN_KEY: randomBytes(32).toString('base64'),
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  return secrets
}
