import { useParams } from '@solidjs/router'
import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import type { CustomerUser, CustomerUserEntry, DirectoryAttribute, PortalDirectory } from '../../api/shapes.ts'
import { Directory, Names } from '../../directory/directory.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { createForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { people } from '../../ui/icon.tsx'
import { Checkbox, FieldGroup } from '../../ui/inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { Empty } from '../../ui/states.tsx'
import { directory, usersOfCustomer as words } from '../../words/directory.ts'
import { date } from '../../words/format.ts'
import { readPortal, savePortalDirectory, type Portal } from '../brand/brand.data.ts'
import { readCustomerSelfService } from '../self-service/self-service.data.ts'
import { useCustomer } from './customer-context.ts'
import { Unreadable } from './unreadable.tsx'
import { listUsers, readUser } from './users.data.ts'

/** The people of a customer's tenants, with everything that is read of them; and what its portal shows of it. */
export function Users(): JSX.Element {
  const { customer, mayChange } = useCustomer()
  const params = useParams<{ userId?: string }>()
  const base = () => `/customers/${customer().id}`
  const toTenants = () => <ButtonLink href={`${base()}/tenants`}>{words.toTenants}</ButtonLink>
  return (
    <>
      <InPortal customerId={customer().id} mayChange={mayChange()} />
      <Directory<CustomerUser, CustomerUserEntry>
        from={{
          base: `${base()}/users`,
          list: (query) => listUsers(customer().id, query),
          read: (userId) => readUser(customer().id, userId),
        }}
        userId={params.userId}
        notices={(list) => <Unreadable tenants={list.tenants} customerId={customer().id} />}
        unconnected={
          <Empty icon={people} title={directory.noTenantTitle} act={toTenants()}>
            {words.noTenantText}
          </Empty>
        }
        facts={(entry) => [
          { name: words.otherLicences, value: <Names of={entry.otherLicences} /> },
          { name: words.userPrincipalName, value: entry.userPrincipalName || directory.none },
          {
            name: words.createdAt,
            value: entry.accountCreatedAt === null ? directory.none : date(entry.accountCreatedAt),
          },
          { name: words.userId, value: entry.id },
        ]}
      />
    </>
  )
}

/** What the portal shows of these people, in a line, and the way to change it. */
function InPortal(props: { customerId: string; mayChange: boolean }): JSX.Element {
  const [read, { refetch }] = createResource(
    () => props.customerId,
    async (customerId) => {
      const [{ portal }, { inForce }] = await Promise.all([readPortal(customerId), readCustomerSelfService(customerId)])
      return { portal, isShown: inForce.actions.see_directory === 'direct' }
    },
  )
  const [changing, setChanging] = createSignal(false)
  const known = () => (read.state === 'ready' || read.state === 'refreshing' ? read.latest : undefined)
  const line = ({ portal, isShown }: { portal: Portal | null; isShown: boolean }) =>
    portal === null
      ? words.noPortal
      : !isShown
        ? words.notShown
        : portal.directory.guestsShown
          ? words.showsEverybody
          : words.showsMembers
  return (
    <div class="row wrap users-in-portal">
      <Show when={known()}>
        {(found) => (
          <>
            <span class="quiet">{line(found())}</span>
            <Show when={props.mayChange && found().portal}>
              <Button look="plain" onClick={() => setChanging(true)}>
                {words.change}
              </Button>
            </Show>
            <Show when={changing() && found().portal} keyed>
              {(portal) => (
                <ChangeShown
                  customerId={props.customerId}
                  portal={portal}
                  onClose={() => setChanging(false)}
                  onDone={() => {
                    setChanging(false)
                    say(words.saved)
                    void refetch()
                  }}
                />
              )}
            </Show>
          </>
        )}
      </Show>
    </div>
  )
}

const attributes = Object.keys(directory.attribute) as DirectoryAttribute[]

function ChangeShown(props: {
  customerId: string
  portal: Portal
  onClose: () => void
  onDone: () => void
}): JSX.Element {
  const form = createForm<PortalDirectory>({
    initial: props.portal.directory,
    save: async (values) => {
      await savePortalDirectory(props.customerId, props.portal, values)
      props.onDone()
    },
  })
  const chosen = () => form.values().attributes
  const choose = (attribute: DirectoryAttribute, isOn: boolean) =>
    form.field('attributes').set(attributes.filter((one) => (one === attribute ? isOn : chosen().includes(one))))
  return (
    <FormDialog of={form} title={words.dialogTitle} verb={words.save} busyVerb={words.saving} onClose={props.onClose}>
      <Checkbox
        label={words.guestsLabel}
        help={words.guestsHelp}
        checked={form.values().guestsShown}
        onChange={(isOn) => form.field('guestsShown').set(isOn)}
      />
      <FieldGroup legend={words.attributesLegend} help={words.attributesHelp}>
        <div class="stack tight">
          <For each={attributes}>
            {(attribute) => (
              <Checkbox
                label={directory.attribute[attribute]}
                {...(words.attributeHelp[attribute] && { help: words.attributeHelp[attribute] })}
                checked={chosen().includes(attribute)}
                onChange={(isOn) => choose(attribute, isOn)}
              />
            )}
          </For>
        </div>
      </FieldGroup>
    </FormDialog>
  )
}
