import { z } from '@hono/zod-openapi'
import { fileFates, licenceFates, mailboxFates, resetReaches } from '../../../db/shard/schema.ts'
import type { RequestDetails } from '../../../db/shard/schema.ts'

const Named = z.object({ id: z.string(), name: z.string() })
const User = Named.extend({ address: z.string() })
const Day = z.iso.date()
const Answer = z.object({ id: z.string(), label: z.string(), value: z.string() })
const of = {
  tenant: Named.nullable().describe('The tenant it is about, with the name it had then.'),
  answers: z.array(Answer).describe('What was answered to the provider’s own questions.'),
}
const answers = { answers: z.array(Answer) }
const licences = z.array(Named)
const groups = z.array(Named)

/** What was asked for, on the wire: with the names that people and things had then. */
export const Details = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('new_user'),
      people: z.array(
        z.object({
          givenName: z.string(),
          familyName: z.string(),
          address: z.string().nullable().describe('The address wished for; null leaves it to the provider.'),
          jobTitle: z.string().nullable(),
          department: z.string().nullable(),
          phone: z.string().nullable(),
          manager: User.nullable(),
          startsOn: Day,
          endsOn: Day.nullable().describe('When their access ends again.'),
          licences,
          groups,
          like: User.nullable().describe('Whose licences and groups they are given, too.'),
          likeLicences: licences.describe('Which those were, beside the chosen ones.'),
          likeGroups: groups,
          ...answers,
        }),
      ),
      ...of,
    }),
    z.object({
      type: z.literal('offboarding'),
      people: z.array(
        z.object({
          user: User,
          lastDay: Day,
          licences: z.array(z.object({ licence: Named, does: z.enum(licenceFates), to: User.nullable() })),
          groups: z.array(z.object({ group: Named, to: User.nullable() })),
          manages: z.array(z.object({ user: User, to: User.nullable() })),
          sharedMailboxes: z.array(z.object({ mailbox: User, to: User.nullable() })),
          mailbox: z.object({ does: z.enum(mailboxFates), to: User.nullable() }),
          files: z.object({ does: z.enum(fileFates), to: User.nullable() }),
          ...answers,
        }),
      ),
      ...of,
    }),
    z.object({
      type: z.literal('password_reset'),
      people: z.array(
        z.object({
          user: User,
          reachedBy: z.enum(resetReaches),
          phone: z.string().nullable(),
          alsoSecondStep: z.boolean(),
          ...answers,
        }),
      ),
      ...of,
    }),
    z.object({
      type: z.literal('licence_change'),
      licence: Named,
      moreSeats: z.number().int(),
      boughtCount: z.number().int().describe('How many seats there were when it was asked for.'),
      startsOn: Day.nullable(),
      endsOn: Day.nullable(),
      people: z.array(z.object({ user: User, does: z.enum(['give', 'take']), ...answers })),
      ...of,
    }),
    z.object({
      type: z.literal('group_change'),
      group: Named,
      startsOn: Day.nullable(),
      endsOn: Day.nullable(),
      people: z.array(z.object({ user: User, does: z.enum(['add', 'remove']), ...answers })),
      ...of,
    }),
  ])
  .openapi('ServiceRequestDetails')

type Wire = z.infer<typeof Details>

/** Each field by its name, so that nothing leaves that the wire does not name. */
export const presentDetails = (details: RequestDetails): Wire => Details.parse(details)
