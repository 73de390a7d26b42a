import { contacts, staff, ticketMails } from '../../../db/shard/schema.ts'
import type { Self } from '../../http/app.ts'
import { invalidField } from '../../http/problem.ts'
import { revised } from '../../tenancy/revised.ts'
import type { MspScope } from '../../tenancy/scope.ts'

export type TicketMailsChoice = (typeof ticketMails)[number]
export type Preference = { mails: TicketMailsChoice; choices: TicketMailsChoice[] }

type SelfScope = Pick<MspScope, 'find' | 'change' | 'commit'>

/** Of which tickets somebody is mailed, and may be. */
export const readPreference = async (self: Self): Promise<Preference> => preferenceOf(await rowOf(self))

/** Problem `invalid` for what they cannot choose. */
export const changePreference = async (self: Self, mails: TicketMailsChoice): Promise<Preference> => {
  const scope: SelfScope = self.scope
  const row = await rowOf(self)
  const { choices } = preferenceOf(row)
  if (!choices.includes(mails)) throw invalidField('/mails', 'Only portal admins see the tickets of the whole company.')
  const subject = { kind: self.kind, id: self.id, name: self.name }
  switch (row.kind) {
    case 'staff': {
      const after = revised(row.person, { ticketMails: mails })
      if (after !== row.person)
        await scope.commit(
          { action: 'staff.ticket_mails_changed', subject },
          scope.change(staff, row.person, { ticketMails: mails }),
        )
      break
    }
    case 'contact': {
      const after = revised(row.person, { ticketMails: mails })
      if (after !== row.person)
        await scope.commit(
          { action: 'contact.ticket_mails_changed', subject },
          scope.change(contacts, row.person, { ticketMails: mails }),
        )
      break
    }
  }
  return { mails, choices }
}

type Own =
  | { kind: 'staff'; person: typeof staff.$inferSelect }
  | { kind: 'contact'; person: typeof contacts.$inferSelect }

const rowOf = async (self: Self): Promise<Own> => {
  const scope: SelfScope = self.scope
  return self.kind === 'staff'
    ? { kind: 'staff', person: await scope.find(staff, self.id, 'person') }
    : { kind: 'contact', person: await scope.find(contacts, self.id, 'person') }
}

/** A contact who sees no tickets but their own cannot choose all; whoever was an admin and is none any more has their own. */
const preferenceOf = (row: Own): Preference => {
  const { ticketMails: mails } = row.person
  if (row.kind === 'staff' || row.person.isPortalAdmin) return { mails, choices: [...ticketMails] }
  return { mails: mails === 'all' ? 'mine' : mails, choices: ticketMails.filter((choice) => choice !== 'all') }
}
