import { OpenAPIHono } from '@hono/zod-openapi'
import type { licencePermissions, signInPolicies } from '../../db/shard/schema.ts'
import type { Environment, Later } from '../env.ts'
import type { Place } from '../tenancy/directory.ts'
import type { ContactPermission, StaffPermission, StaffRole } from '../tenancy/permissions.ts'
import type { Policy } from '../tenancy/policy.ts'
import type { ContactScope, CustomerScope, MspScope } from '../tenancy/scope.ts'
import type { ShownDirectory } from '../tenancy/shown-directory.ts'
import './fault-words.ts'
import { faultsIn } from './pointer.ts'
import { Problem } from './problem.ts'

export type StaffPerson = {
  staffId: string
  name: string
  email: string
  role: StaffRole
  permissions: ReadonlySet<StaffPermission>
}
/** The MSP that somebody is signed in at. Its days begin at midnight in its time zone. */
export type House = {
  name: string
  timeZone: string
  /** The MSP's own app registration in force at Microsoft; null for the deployment's. */
  microsoftClientId: string | null
}
export type PortalPerson = {
  contactId: string
  name: string
  email: string
  permissions: ReadonlySet<ContactPermission>
  /** What their company does by itself, and how what it asks for is approved. */
  policy: Policy
  /** What the session lets them do with their company's licences. */
  licencePermission: (typeof licencePermissions)[number]
  /** What their portal shows of their company's directory. */
  directory: ShownDirectory
  /** Of their MSP: days begin at midnight there. */
  timeZone: string
}

type Common = {
  requestId: string
  environment: Environment
  place: Place
  later: Later
}

/** What a handler is given, by who may call it. For an API key there is no session, and `staff` is who made it. */
export type OpenEnv = { Variables: Common }
export type StaffEnv = {
  Variables: Common & { msp: MspScope; house: House; staff: StaffPerson; sessionId: string | undefined }
}
export type PortalEnv = {
  Variables: Common & { contact: ContactScope; person: PortalPerson; sessionId: string | undefined }
}

/** What a person reads and writes of their own: staff in their MSP's scope, a contact in their customer's. */
export type OwnScope = MspScope | CustomerScope
/** Somebody signed in, whichever of the two they are, where only they themselves are concerned. */
export type Self = {
  kind: 'staff' | 'contact'
  id: string
  name: string
  email: string
  /** The MSP's name, or that of the contact's company as its portal shows it. */
  companyName: string
  passwordHash: string | null
  /** How people sign in here. Staff have no policy: a password is one of their ways. */
  policy: (typeof signInPolicies)[number]
  /** The Microsoft account that they sign in with, by its name. */
  microsoftAccount: string | null
  /** The app registration of their MSP's own that is in force at Microsoft; null for the deployment's. */
  microsoftClientId: string | null
  sessionId: string
  /** Where they live. */
  place: { mspId: string; shard: string }
  scope: OwnScope
}
export type SelfEnv = { Variables: Common & { self: Self } }

/** The routes of one feature for one kind of caller. */
export const routes = <E extends OpenEnv | StaffEnv | PortalEnv | SelfEnv>() =>
  new OpenAPIHono<E>({
    defaultHook: (result) => {
      if (result.success) return
      const errors = faultsIn(result.error)
      // A made-up id in the path is as missing as one of somebody else's.
      if (result.target === 'param') throw new Problem('missing', 'There is nothing at this address.')
      throw new Problem(
        'invalid',
        errors.length === 1 ? (errors[0]?.detail ?? '') : `${errors.length} fields need another look.`,
        { errors },
      )
    },
  })
