import { eq } from 'drizzle-orm'
import { contacts, passwordResets, pendingSignIns, staff } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment, Later } from '../../env.ts'
import type { Self } from '../../http/app.ts'
import { Problem, invalidField } from '../../http/problem.ts'
import type { Place } from '../../tenancy/directory.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { passwordChangedMail, staffPasswordChangedMail } from '../mail/index.ts'
import { othersEnded } from '../sessions/index.ts'
import { attemptKeys, countAttempt, doorOf, forgiveAttempts } from './attempts.ts'
import { isCommonPassword } from './common-passwords.ts'
import { checkPassword, hashPassword, verifyPassword } from './password.ts'
import type { PasswordOwner } from './password.ts'

/** What the change of a password stands on beside its person. */
export type ChangeCaller = {
  environment: Environment
  host: string
  address: string
  later: Later
}

type OwnScope = Pick<MspScope, 'changeWhere' | 'removeWhere' | 'later' | 'commit'>

/**
 * Sets another password, ends the person's other sessions and tells them by mail. Problems: `invalid` at
 * /currentPassword or /newPassword, `throttled`, `conflict` for who has no password, or signs in only with Microsoft, `stale` when it was changed
 * at the same moment.
 */
export const changePassword = async (
  self: Self,
  caller: ChangeCaller,
  { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
): Promise<void> => {
  const { environment } = caller
  if (self.policy === 'microsoft_only')
    throw new Problem('conflict', 'This portal is signed in to with Microsoft, so there is no password to change.')
  const before = await provePassword(self, caller, currentPassword, '/currentPassword')
  if (newPassword === currentPassword)
    throw invalidField('/newPassword', 'This is the password you have already. Choose another.')
  const passwordHash = await newHash(environment, newPassword, self, '/newPassword')

  const scope: OwnScope = self.scope
  const subject = { kind: self.kind, id: self.id, name: self.name }
  const rest = [
    othersEnded(self),
    // A link that was asked for before is of no use any more, but to somebody who should not have it.
    scope.removeWhere(
      passwordResets,
      eq(self.kind === 'staff' ? passwordResets.staffId : passwordResets.contactId, self.id),
    ),
  ]
  switch (self.kind) {
    case 'staff':
      return scope.commit(
        { action: 'staff.changed_password', subject },
        scope.changeWhere(staff, self.id, eq(staff.passwordHash, before), { passwordHash }),
        ...rest,
        scope.removeWhere(pendingSignIns, eq(pendingSignIns.staffId, self.id)),
        scope.later(staffPasswordChangedMail(self, now())),
      )
    case 'contact':
      return scope.commit(
        { action: 'contact.changed_password', subject },
        scope.changeWhere(contacts, self.id, eq(contacts.passwordHash, before), { passwordHash }),
        ...rest,
        scope.later(passwordChangedMail(self, now())),
      )
  }
}

/**
 * That somebody signed in knows their password; answers what is stored of it. Problems: `invalid` at `pointer`,
 * `throttled`, `conflict` for who has none.
 */
export const provePassword = async (
  { id, passwordHash }: Self,
  { environment, host, address, later }: ChangeCaller,
  password: string,
  pointer = '/password',
): Promise<string> => {
  if (passwordHash === null)
    throw new Problem('conflict', 'You sign in without a password, so there is none to ask for.')
  const keys = await attemptKeys(environment, host, id, address, 'change password')
  await countAttempt(environment, keys)
  if (!(await verifyPassword(password, passwordHash)))
    throw invalidField(pointer, 'This is not your password. Check it and try again.')
  later(() => forgiveAttempts(environment, keys))
  return passwordHash
}

/** The hash of a password that its owner may use. Problem `invalid` at `pointer`. */
export const newHash = async (
  environment: Environment,
  password: string,
  owner: PasswordOwner,
  pointer: string,
): Promise<string> => {
  await refuseWeak(environment, password, owner, pointer)
  return hashPassword(password)
}

/**
 * The same for who holds the link of a mail, which can be sent many times at once before the first of them spends it: so
 * many are hashed and no more. `forgive` is for when it was spent. Problems: `invalid` at /password, `throttled`.
 */
export const newHashByLink = async (
  { environment, place, address }: { environment: Environment; place: Place; address: string },
  link: string,
  password: string,
  owner: PasswordOwner,
): Promise<{ passwordHash: string; forgive: () => Promise<void> }> => {
  await refuseWeak(environment, password, owner, '/password')
  const keys = await attemptKeys(environment, doorOf(place), `link ${link}`, address)
  await countAttempt(environment, keys)
  return { passwordHash: await hashPassword(password), forgive: () => forgiveAttempts(environment, keys) }
}

const refuseWeak = async (
  environment: Environment,
  password: string,
  owner: PasswordOwner,
  pointer: string,
): Promise<void> => {
  const check = checkPassword(password, owner, await isCommonPassword(environment))
  if (!check.ok) throw invalidField(pointer, check.detail)
}
