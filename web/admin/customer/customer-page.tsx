import { useParams, type RouteSectionProps } from '@solidjs/router'
import { createResource, createSignal, Show, Suspense, type JSX } from 'solid-js'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { out } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Crumbs, Tabs } from '../../ui/nav.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { access } from '../../words/access.ts'
import { admin } from '../../words/admin.ts'
import { changes } from '../../words/changes.ts'
import { health } from '../../words/health.ts'
import { licenceSettings } from '../../words/licence-settings.ts'
import { reports } from '../../words/reports.ts'
import { CustomerForm } from '../customers/customer-form.tsx'
import { readCustomer, type Customer } from '../customers/customers.data.ts'
import { HealthBadge } from '../customers/health.tsx'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { CustomerContext } from './customer-context.ts'
import { AdminPending, Archived, CustomerMenu, Disabled } from './customer-menu.tsx'
import './customer.css'

const words = admin.customer

/** The frame of a customer's pages: name, state, the one action, and the tabs. */
export function CustomerPage(props: RouteSectionProps): JSX.Element {
  const params = useParams<{ customerId: string }>()
  const [customer, { refetch, mutate }] = createResource(() => params.customerId, readCustomer)
  useTitle(() => (customer.state === 'ready' ? customer.latest.name : undefined))
  return (
    <Loaded
      of={customer}
      waiting={<Waiting />}
      failedTitle={words.failed}
      retry={() => void refetch()}
      elsewhere={<ButtonLink href="/customers">{admin.toCustomers}</ButtonLink>}
    >
      {(value) => (
        <CustomerContext.Provider
          value={{ customer: value, refresh: () => void refetch(), replace: (next) => mutate(next) }}
        >
          <Head customer={value()} replace={(next) => mutate(next)} refresh={() => void refetch()} />
          <div class="under-tabs">
            <Suspense>{props.children}</Suspense>
          </div>
        </CustomerContext.Provider>
      )}
    </Loaded>
  )
}

function Head(props: { customer: Customer; replace: (customer: Customer) => void; refresh: () => void }): JSX.Element {
  const staff = useStaff()
  const [editing, setEditing] = createSignal(false)
  const base = () => `/customers/${props.customer.id}`
  return (
    <>
      <Crumbs
        label={admin.breadcrumb}
        path={[{ href: '/customers', label: admin.customers.title }]}
        here={props.customer.name}
      />
      <div class="head">
        <h1>{props.customer.name}</h1>
        <HealthBadge health={props.customer.health} tenantCount={props.customer.tenantCount} />
        <Show when={props.customer.portal.state !== 'none'}>
          <Badge mood={isOpen(props.customer) ? 'good' : 'none'}>
            {isOpen(props.customer) ? words.portalOpen : words.portalClosed}
          </Badge>
        </Show>
        <div class="head-acts">
          <Show when={staff.mayWrite && props.customer.state !== 'archived'}>
            <Button onClick={() => setEditing(true)}>{words.edit}</Button>
          </Show>
          <Show when={isOpen(props.customer) && props.customer.portal.url}>
            {(url) => (
              <ButtonLink href={url()} icon={out} newTab>
                {words.openPortal}
              </ButtonLink>
            )}
          </Show>
          <CustomerMenu customer={props.customer} refresh={() => props.refresh()} />
        </div>
      </div>
      <Archived customer={props.customer} refresh={() => props.refresh()} />
      <Disabled customer={props.customer} refresh={() => props.refresh()} />
      <AdminPending customer={props.customer} refresh={() => props.refresh()} />
      <Tabs
        label={props.customer.name}
        items={[
          { href: base(), label: words.tabs.overview },
          { href: `${base()}/tenants`, label: words.tabs.tenants, count: props.customer.tenantCount },
          { href: `${base()}/users`, label: words.tabs.users },
          { href: `${base()}/licences`, label: licenceSettings.tab },
          { href: `${base()}/changes`, label: changes.title },
          { href: `${base()}/health`, label: health.tab },
          { href: `${base()}/reports`, label: reports.title },
          { href: `${base()}/contacts`, label: words.tabs.contacts, count: props.customer.contactCount },
          { href: `${base()}/tickets`, label: words.tabs.tickets },
          { href: `${base()}/requests`, label: words.tabs.requests },
          { href: `${base()}/documents`, label: words.tabs.documents },
          { href: `${base()}/portal`, label: words.tabs.portal },
          { href: `${base()}/end-users`, label: access.endUsers.tab },
          { href: `${base()}/activity`, label: words.tabs.activity },
        ]}
      />
      <Show when={editing()}>
        <CustomerForm
          customer={props.customer}
          onClose={() => setEditing(false)}
          onDone={(next) => {
            setEditing(false)
            props.replace(next)
            say(admin.customers.saved(next.name))
          }}
        />
      </Show>
    </>
  )
}

const isOpen = (customer: Customer): boolean => customer.portal.state === 'enabled' && customer.state === 'active'

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="stack customer-waiting">
        <Bone shape="short" />
        <Bone shape="half tall" />
        <Bone />
        <Bone shape="long tall" />
        <Bone shape="long tall" />
      </div>
    </Skeleton>
  )
}
