import { readFile } from 'node:fs/promises'

export type Account = { name: string; email: string; password: string; isAdmin: boolean; jobTitle: string | null }

/** A Microsoft tenant of the demo: who it is, how large, and the people in it who have a name and a password. */
export type CastTenant = {
  tenantId: string
  name: string
  domain: string
  userCount: number
  consented: boolean
  /** The administrator first, then the reader, then the customer's contacts of the same mail domain. */
  accounts: Account[]
}

/** An application that an MSP of the demo registered in its own tenant, with the values of its secrets. */
export type CastApp = {
  clientId: string
  directoryId: string
  name: string
  publisher: string
  secrets: { value: string; expired: boolean }[]
}

type CastPerson = { name: string; email: string; password?: string; jobTitle?: string }
type CastFile = {
  msps: { customers: { tenants: string[]; contacts: CastPerson[] }[] }[]
  microsoftTenants: {
    tenantId: string
    name: string
    domain: string
    userCount: number
    consented: boolean
    admin: CastPerson
    reader: CastPerson
  }[]
  microsoftApps: CastApp[]
}

/** Reads the demo cast; the file is ours, so its shape is trusted. */
export async function readCast(path: string): Promise<{ tenants: CastTenant[]; apps: CastApp[] }> {
  const cast = JSON.parse(await readFile(path, 'utf8')) as CastFile
  const customers = cast.msps.flatMap((msp) => msp.customers)
  const tenants = cast.microsoftTenants.map((tenant) => {
    const contacts = customers
      .flatMap((customer) => customer.contacts)
      .filter((contact) => contact.email.endsWith(`@${tenant.domain}`))
    const jobTitles = new Map(contacts.map((contact) => [contact.email, contact.jobTitle ?? null]))
    const accounts: Account[] = [
      toAccount(tenant.admin, true, 'Administrator'),
      toAccount(tenant.reader, false, jobTitles.get(tenant.reader.email) ?? null),
      ...contacts
        .filter((contact) => contact.email !== tenant.reader.email && contact.email !== tenant.admin.email)
        .map((contact) => toAccount(contact, false, contact.jobTitle ?? null)),
    ]
    return {
      tenantId: tenant.tenantId,
      name: tenant.name,
      domain: tenant.domain,
      userCount: tenant.userCount,
      consented: tenant.consented,
      accounts,
    }
  })
  return { tenants, apps: cast.microsoftApps }
}

/** Without a password of their own, people of the cast sign in with a made-up one that the sign-in page shows. */
function toAccount(person: CastPerson, isAdmin: boolean, jobTitle: string | null): Account {
  const local = person.email.split('@')[0] ?? person.email
  return { name: person.name, email: person.email, password: person.password ?? `demo-${local}`, isAdmin, jobTitle }
}
