/** Somebody or something that was chosen for a request, with its name as it was then. */
export type Named = { id: string; name: string }

/** What was answered to one of the MSP's own questions, as it is shown. */
export type OwnAnswer = { id: string; label: string; value: string }

/** A person of the company's Microsoft 365. */
export type NamedUser = Named & { address: string }

/** Days are ISO 8601 dates (2027-03-01). */
export type NewUser = {
  givenName: string
  familyName: string
  /** The address wished for; null leaves it to the MSP. */
  address: string | null
  jobTitle: string | null
  department: string | null
  phone: string | null
  manager: NamedUser | null
  startsOn: string
  /** When their access ends again, for somebody who stays for a while. */
  endsOn: string | null
  licences: Named[]
  groups: Named[]
  /** Whose licences and groups they are given, too, and which those were, beside the chosen ones. */
  like: NamedUser | null
  likeLicences: Named[]
  likeGroups: Named[]
  answers: OwnAnswer[]
}

/** What becomes of a licence of somebody who leaves: it is kept free, given to somebody, or given back. */
export const licenceFates = ['keep', 'give', 'return'] as const
/** What becomes of a mailbox: colleagues read it, its mail goes to somebody, or it is closed. */
export const mailboxFates = ['share', 'forward', 'close'] as const
export const fileFates = ['give', 'keep', 'delete'] as const

export type Leaver = {
  user: NamedUser
  lastDay: string
  licences: { licence: Named; does: (typeof licenceFates)[number]; to: NamedUser | null }[]
  /** Groups are left; where somebody else is to be in them instead, they are named. */
  groups: { group: Named; to: NamedUser | null }[]
  /** Whose manager they are, and who is it from then on. */
  manages: { user: NamedUser; to: NamedUser | null }[]
  sharedMailboxes: { mailbox: NamedUser; to: NamedUser | null }[]
  mailbox: { does: (typeof mailboxFates)[number]; to: NamedUser | null }
  files: { does: (typeof fileFates)[number]; to: NamedUser | null }
  answers: OwnAnswer[]
}

export const resetReaches = ['phone', 'in_person', 'manager'] as const

export type PasswordReset = {
  user: NamedUser
  /** How the MSP reaches them to let them choose a new one; a password itself is never part of a request. */
  reachedBy: (typeof resetReaches)[number]
  phone: string | null
  /** Whether their second step (an app, a phone) is to be set up anew, too. */
  alsoSecondStep: boolean
  answers: OwnAnswer[]
}

type OfTenant = { tenant: Named | null; answers: OwnAnswer[] }

/** What was asked for by a form, with names as they were then. */
export type RequestDetails =
  | ({ type: 'new_user'; people: NewUser[] } & OfTenant)
  | ({ type: 'offboarding'; people: Leaver[] } & OfTenant)
  | ({ type: 'password_reset'; people: PasswordReset[] } & OfTenant)
  | ({
      type: 'licence_change'
      licence: Named
      moreSeats: number
      /** How many were bought when it was asked for. */
      boughtCount: number
      startsOn: string | null
      endsOn: string | null
      people: { user: NamedUser; does: 'give' | 'take'; answers: OwnAnswer[] }[]
    } & OfTenant)
  | ({
      type: 'group_change'
      group: Named
      startsOn: string | null
      endsOn: string | null
      people: { user: NamedUser; does: 'add' | 'remove'; answers: OwnAnswer[] }[]
    } & OfTenant)

/** What a decision depends on, as it was when it was last shown to whoever decides. Only what matters: not how many seats are free, but how many are missing. */
export type RequestFacts = {
  people: Record<string, { name: string; state: 'there' | 'blocked' | 'gone' }>
  groups: Record<string, { name: string; state: 'there' | 'gone' }>
  licences: Record<
    string,
    {
      name: string
      state: 'there' | 'gone'
      /** How many seats are missing on the day they are needed; 0 where there are enough. */
      missingSeatCount: number
      /** A seat, whoever is shown what it costs; null where nobody entered it. */
      price: { amountMinor: number; per: 'month' | 'year'; currency: string } | null
    }
  >
  /** Addresses wished for, in lower case. */
  addresses: Record<string, 'free' | 'taken'>
}

/** Something that is not as it was when the request was made, in words. A price is told only where costs are shown. */
export type RequestDifference = { about: string; was: string; is: string; isPrice?: true }

/** A question of the MSP's own in a form; `each` is asked for each person of a request. */
export type OwnField = {
  id: string
  kind: 'text' | 'choice' | 'date' | 'person'
  label: string
  help: string
  isRequired: boolean
  isEach: boolean
  /** What can be chosen, where it is a choice. */
  options: string[]
}

/** How an MSP wants a form, for all customers: more questions, what is left out of it, help of its own by the field it stands at. */
export type FormMaster = {
  fields: OwnField[]
  hidden: string[]
  helps: Record<string, string>
  /** The category that its tickets get; null for the first one offered. */
  category: string | null
}

/** What a customer's form has otherwise; what is not named here is the master's. */
export type FormOverlay = {
  /** Questions for this customer alone. */
  fields: OwnField[]
  /** Fields of the form, or questions of the master by their ids: true leaves it out, false brings it back. */
  hidden: Record<string, boolean>
  /** By the field, or the question of the master by its id. */
  helps: Record<string, string>
}
