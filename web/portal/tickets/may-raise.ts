import type { PortalBoot } from '../../boot.ts'

/** Whether whoever looks at the portal may write a new ticket: their company does so by itself, and nobody writes for somebody they view as. */
export const mayRaise = ({ preview, person }: PortalBoot): boolean =>
  preview === null && person?.canSee.includes('portal.raise_tickets') === true
