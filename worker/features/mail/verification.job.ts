import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { mailAddresses, msps } from '../../../db/shard/schema.ts'
import type { MailMessage } from '../../connectors/mailer.ts'
import type { Environment } from '../../env.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import type { DescribedJob, MspScope } from '../../tenancy/scope.ts'
import { composeMail, helpLineOf, mailBrand, sentByDeployment } from './compose.ts'
import { deliver } from './deliver.ts'
import { verificationText } from './mail.words.ts'
import type { MailAddressRow } from './sender.ts'

/** The link that makes an address the sender of an MSP's mails. It comes from the neutral sender, through the deployment's server. */
export const sendVerification = defineJob({
  kind: 'mail.verify_address',
  title: 'Send confirmation of a sender',
  payload: z.object({ addressId: z.string() }),
  async run(msp, { addressId }, { environment, jobId, now }) {
    const message = await verificationMail(environment, msp, addressId, jobId, now())
    // Confirmed, or replaced, or taken away meanwhile.
    if (message !== undefined) await deliver(environment, message)
    return finished
  },
})

export const verificationOf = ({ id, address }: Pick<MailAddressRow, 'id' | 'address'>): DescribedJob =>
  sendVerification.described(
    { addressId: id },
    { naturalKey: `mail:verify:${id}`, subjectName: `Confirmation of ${address}` },
  )

/** The mail as it is now; undefined when there is nothing to confirm any more. */
export const verificationMail = async (
  environment: Environment,
  msp: MspScope,
  addressId: string,
  jobId: string,
  nowMs: number,
): Promise<MailMessage | undefined> => {
  const [[address], [house]] = await msp.readAll([
    msp
      .select()
      .from(mailAddresses)
      .where(msp.mine(mailAddresses, eq(mailAddresses.id, addressId))),
    msp.select().from(msps).where(msp.mine(msps)),
  ])
  if (address === undefined || house === undefined || address.verifiedAt !== null || address.expiresAt <= nowMs)
    return undefined
  const secret = await mailToken(environment, 'mail_address', msp.mspId, address.id)
  return composeMail({
    id: jobId,
    brand: mailBrand(house, null, house.name),
    helpLine: helpLineOf(house),
    from: sentByDeployment(environment, house),
    to: { address: address.address },
    ...verificationText({
      mspName: house.name,
      address: address.address,
      url: `${environment.originOf(environment.ADMIN_HOST)}/settings/mail#token=${secret}`,
      expiresAt: address.expiresAt,
      timeZone: house.timeZone,
      locale: house.locale,
    }),
  })
}
