import { createResource, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { State } from '../../ui/badge.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { Select } from '../../ui/inputs.tsx'
import { people } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { access } from '../../words/access.ts'
import { admin } from '../../words/admin.ts'
import { explain } from '../../words/problem.ts'
import { grantLicences, listContacts, type Contact } from './contacts.data.ts'
import { licencePermissions, moods } from './contacts.tsx'
import { useCustomer } from './customer-context.ts'

const words = access.endUsers

/** The people of a customer and what they may do with its licences, which only staff grant. */
export function EndUsers(): JSX.Element {
  const { customer, mayChange } = useCustomer()
  const id = () => customer().id
  const [contacts, { refetch }] = createResource(id, listContacts)
  const grant = async (contact: Contact, value: string) => {
    const permission = licencePermissions.find((one) => one === value)
    if (permission === undefined) return
    try {
      await grantLicences(id(), contact, permission)
      say(words.saved(contact.name, words.short[permission]))
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
    await refetch()
  }
  return (
    <Panel title={words.title}>
      <div class="panel-body">
        <p class="quiet">{words.lead}</p>
      </div>
      <Loaded of={contacts} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(list) => (
          <Show
            when={list().items.length > 0}
            fallback={
              <Empty
                icon={people}
                title={words.emptyTitle}
                act={<ButtonLink href={`/customers/${id()}/contacts`}>{words.toContacts}</ButtonLink>}
              >
                {words.emptyText}
              </Empty>
            }
          >
            <Table
              label={words.title}
              rows={list().items}
              id={(contact) => contact.id}
              columns={[
                {
                  key: 'name',
                  title: words.name,
                  phone: 'title',
                  cell: (contact) => (
                    <span class="name" dir="auto" tabindex="-1">
                      {contact.name}
                    </span>
                  ),
                },
                { key: 'email', title: words.email, wide: 'phone', cell: (contact) => contact.email ?? '' },
                {
                  key: 'access',
                  title: words.access,
                  phone: 'line',
                  cell: (contact) => (
                    <State mood={moods[contact.access]}>{admin.contacts.access[contact.access]}</State>
                  ),
                },
                {
                  key: 'permission',
                  title: words.permission,
                  phone: 'line',
                  cell: (contact) => (
                    <Show when={mayChange()} fallback={words.short[contact.licencePermission]}>
                      <label class="select-in-row">
                        <span class="sr">{words.of(contact.name)}</span>
                        <Select
                          value={contact.licencePermission}
                          options={licencePermissions.map((value) => ({ value, label: words.short[value] }))}
                          onChange={(value) => void grant(contact, value)}
                        />
                      </label>
                    </Show>
                  ),
                },
              ]}
            />
          </Show>
        )}
      </Loaded>
    </Panel>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel-body stack">
        <Bone shape="long" />
        <Bone shape="half" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
