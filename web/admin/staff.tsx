import { createContext, useContext, type JSX } from 'solid-js'
import type { AdminBoot, AdminPerson } from '../boot.ts'

type Staff = {
  boot: AdminBoot
  person: AdminPerson
  /** Customers, contacts, portals, syncs. The server decides; this only keeps buttons away that would be refused. */
  mayWrite: boolean
  /** Settings of the MSP itself. */
  mayManage: boolean
}

const StaffContext = createContext<Staff>()

export function StaffProvider(props: { boot: AdminBoot; person: AdminPerson; children: JSX.Element }): JSX.Element {
  const staff: Staff = {
    boot: props.boot,
    person: props.person,
    mayWrite: props.person.role !== 'viewer',
    mayManage: props.person.role === 'owner' || props.person.role === 'admin',
  }
  return <StaffContext.Provider value={staff}>{props.children}</StaffContext.Provider>
}

export function useStaff(): Staff {
  const staff = useContext(StaffContext)
  if (!staff) throw new Error('Used outside the signed-in app.')
  return staff
}
