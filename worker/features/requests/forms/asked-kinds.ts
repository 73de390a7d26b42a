import { requestTypes } from '../../../../db/shard/schema.ts'
import { mayAsk } from '../../../tenancy/policy.ts'
import type { Policy } from '../../../tenancy/policy.ts'
import { formOf } from './any-form.ts'
import { fieldsOf } from './fields.ts'
import type { Field } from './fields.ts'
import type { Found } from './found.ts'
import { formInForce } from './own-fields.ts'

type Asker = { isPortalAdmin: boolean; policy: Policy }

/** What kinds of fields the forms have that somebody may fill in: to whom none of them asks for something, nothing to choose is told of it. Pure. */
export const askedKinds = (
  { isPortalAdmin, policy }: Asker,
  { forms, overlays }: Pick<Found, 'forms' | 'overlays'>,
): ReadonlySet<Field['kind']> =>
  new Set(
    requestTypes
      .filter((type) => mayAsk(policy, isPortalAdmin, type))
      .flatMap((type) => {
        const { whole, person } = formOf(type)
        const { hidden } = formInForce(forms[type], overlays[type])
        return [...fieldsOf(whole), ...fieldsOf(person)].flatMap(({ key, kind }) => (hidden.has(key) ? [] : [kind]))
      }),
  )

export const asksForLicences = (kinds: ReadonlySet<Field['kind']>): boolean =>
  kinds.has('licence') || kinds.has('licences') || kinds.has('held_licences')

/** Groups that somebody holds are told of that one. */
export const asksForGroups = (kinds: ReadonlySet<Field['kind']>): boolean => kinds.has('group') || kinds.has('groups')
