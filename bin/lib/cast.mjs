import { readFileSync } from 'node:fs'
import { inRoot } from './paths.mjs'

/**
 * @typedef {{ name: string, email: string, role: string, password: string }} CastStaff
 * @typedef {{ name: string, email: string, jobTitle?: string, roles: string[], password?: string }} CastContact
 * @typedef {{ key: string, name: string, portal?: { prefix: string, displayName: string }, contacts: CastContact[] }} CastCustomer
 * @typedef {{ key: string, name: string, shard: string, staff: CastStaff[], customers: CastCustomer[] }} CastMsp
 * @typedef {{ clientId: string, directoryId: string, name: string, secrets: { value: string, expired: boolean }[] }} CastApp
 * @typedef {{ hosts: { admin: string, signIn: string, portalSuffix: string }, msps: CastMsp[], microsoftApps: CastApp[] }} Cast
 */

/** @returns {Cast} the demo people and hosts, as the seed plants them */
export function readCast() {
  return JSON.parse(readFileSync(inRoot('db', 'seed', 'cast.json'), 'utf8'))
}
