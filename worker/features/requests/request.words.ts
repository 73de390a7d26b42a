import type { LicenceChange } from './requests.ts'
import type { MailContent } from '../mail/index.ts'

const seats = (count: number) => (count === 1 ? '1 more seat' : `${count} more seats`)

/** To the MSP: one of its customers' people asks for more seats. */
export const licenceChangeText = ({
  companyName,
  requesterName,
  requesterEmail,
  details,
  reason,
  url,
}: {
  companyName: string
  requesterName: string
  requesterEmail: string | null
  details: LicenceChange
  reason: string
  url: string
}): MailContent => ({
  subject: `${companyName} asks for ${seats(details.moreSeats)} of ${details.licence.name}`,
  content: {
    heading: `${companyName} asks for ${seats(details.moreSeats)}`,
    paragraphs: [
      `${requesterName}${requesterEmail === null ? '' : ` (${requesterEmail})`} asks for ${seats(details.moreSeats)} of ${details.licence.name} in ${details.tenant?.name ?? ''}. ${details.boughtCount} were bought when they asked.`,
      `Their reason: ${reason}`,
    ],
    action: { label: 'Open the request', url },
    footer: ['Nothing was bought yet. You get this mail because requests of your customers come to this address.'],
  },
})
