import { and, asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { contacts, customers, msps, serviceRequests, staff } from '../../../db/shard/schema.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { HopelessJob } from '../../jobs/consumer.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import type { DescribedJob, MspScope } from '../../tenancy/scope.ts'
import { composeMail, deliver, mailBrand, sentByDeployment } from '../mail/index.ts'
import type { LicenceChange } from './requests.ts'
import { licenceChangeText } from './request.words.ts'

const Payload = z.object({ requestId: z.string() })

/** Without an address for help, this many owners are told. */
const OWNER_COUNT_MAX = 5

/**
 * Tells the MSP what one of its customers' people asked for: at its help address, or its owners where it has none. It never
 * goes through the MSP's own server, so that a slip in that holds no request up.
 */
export const tellOfRequest = defineJob<z.infer<typeof Payload>>({
  kind: 'request.tell',
  title: 'Tell of a request',
  payload: Payload,
  async run(msp, { requestId }, { environment, jobId }) {
    for (const message of await requestMails(environment, msp, requestId, jobId)) await deliver(environment, message)
    return finished
  },
})

export const requestMail = ({ id, details }: { id: string; details: LicenceChange }): DescribedJob =>
  tellOfRequest.described({ requestId: id }, { naturalKey: `request:${id}`, subjectName: details.licence.name })

/** The mails a job stands for, as they are now. The same job gives the same Message-IDs each time. */
export const requestMails = async (
  environment: Environment,
  msp: MspScope,
  requestId: string,
  jobId: string,
): Promise<MailMessage[]> => {
  const [row] = await msp
    .select({
      request: serviceRequests,
      house: msps,
      companyName: customers.name,
      requesterName: contacts.name,
      requesterEmail: contacts.email,
    })
    .from(serviceRequests)
    .innerJoin(msps, eq(msps.mspId, serviceRequests.mspId))
    .innerJoin(customers, and(eq(customers.mspId, serviceRequests.mspId), eq(customers.id, serviceRequests.customerId)))
    .leftJoin(contacts, and(eq(contacts.mspId, serviceRequests.mspId), eq(contacts.id, serviceRequests.requestedBy)))
    .where(msp.mine(serviceRequests, eq(serviceRequests.id, requestId)))
  // It went with its customer.
  if (row === undefined) return []
  const { request, house, companyName, requesterEmail } = row
  const readers = house.helpEmail === null ? await ownersOf(msp) : [{ name: house.name, address: house.helpEmail }]
  if (readers.length === 0) throw new HopelessJob('There is nobody to tell: enter a help e-mail under Organisation.')
  const origin = environment.originOf(environment.ADMIN_HOST)
  const words = licenceChangeText({
    companyName,
    requesterName: row.requesterName ?? 'Somebody',
    requesterEmail,
    details: request.details as LicenceChange,
    reason: request.reason,
    url: `${origin}/customers/${request.customerId}/licences`,
  })
  return readers.map((to, place) =>
    composeMail({
      id: place === 0 ? jobId : `${jobId}.${place}`,
      brand: mailBrand(house, null, house.name),
      helpLine: house.name,
      from: sentByDeployment(environment, house),
      replyTo: requesterEmail,
      to,
      ...words,
    }),
  )
}

const ownersOf = async (msp: MspScope): Promise<{ name: string; address: string }[]> => {
  const owners = await msp.list(staff, {
    where: and(eq(staff.role, 'owner'), eq(staff.disabled, false)),
    orderBy: [asc(staff.createdAt), asc(staff.id)],
    limit: OWNER_COUNT_MAX,
  })
  return owners.map(({ name, email }) => ({ name, address: email }))
}
