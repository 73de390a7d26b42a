import { createContext, useContext, type JSX } from 'solid-js'
import type { AdminBoot, AdminPerson } from '../boot.ts'

type Staff = {
  boot: AdminBoot
  person: AdminPerson
  /** Whether their role allows this, by the server's own table. The server decides; this only keeps away what it would refuse. */
  may: (permission: string) => boolean
  /** Customers, contacts, portals, syncs. */
  mayWrite: boolean
  /** Settings of the MSP itself. */
  mayManage: boolean
}

const StaffContext = createContext<Staff>()

export function StaffProvider(props: { boot: AdminBoot; person: AdminPerson; children: JSX.Element }): JSX.Element {
  const may = new Set(props.person.may)
  const staff: Staff = {
    boot: props.boot,
    person: props.person,
    may: (permission) => may.has(permission),
    mayWrite: may.has('customers.write'),
    mayManage: may.has('settings.write'),
  }
  return <StaffContext.Provider value={staff}>{props.children}</StaffContext.Provider>
}

export function useStaff(): Staff {
  const staff = useContext(StaffContext)
  if (!staff) throw new Error('Used outside the signed-in app.')
  return staff
}
