import { createResource, Show, type JSX } from 'solid-js'
import type { CustomerSelfService } from '../../api/shapes.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { createForm } from '../../ui/form.tsx'
import { say } from '../../ui/messages.tsx'
import { Block } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { UnsavedGuard } from '../../ui/unsaved.tsx'
import { admin } from '../../words/admin.ts'
import { selfService as words } from '../../words/self-service.ts'
import { useCustomer } from '../customer/customer-context.ts'
import { useStaff } from '../staff.tsx'
import { PolicyFields } from './policy-fields.tsx'
import { readCustomerSelfService, saveCustomerSelfService } from './self-service.data.ts'
import { ownIn, troublesIn, valuesOf } from './values.ts'

/** What people of one customer do by themselves: as for all customers, or otherwise. */
export function CustomerSelfServiceBlock(): JSX.Element {
  const { customer, mayChange } = useCustomer()
  const [read, { refetch, mutate }] = createResource(() => customer().id, readCustomerSelfService)
  return (
    <Block title={words.tab}>
      <Loaded of={read} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(value) => (
          // Whether it can be filled in is settled when the form is made.
          <Show when={{ found: value(), mayChange: mayChange() }} keyed>
            {(now) => (
              <OwnForm
                found={now.found}
                mayChange={now.mayChange}
                onSaved={(saved) => {
                  mutate(() => saved)
                  say(words.saved)
                }}
              />
            )}
          </Show>
        )}
      </Loaded>
    </Block>
  )
}

function OwnForm(props: {
  found: CustomerSelfService
  mayChange: boolean
  onSaved: (saved: CustomerSelfService) => void
}): JSX.Element {
  const staff = useStaff()
  const { customer } = useCustomer()
  const initial = valuesOf(props.found.own)
  const form = createForm({
    initial,
    readOnly: !staff.mayManage || !props.mayChange,
    check: (values) => troublesIn(values, true),
    save: async (values) => {
      const saved = await saveCustomerSelfService(customer().id, props.found, ownIn(values, props.found.own))
      form.reset(values)
      props.onSaved(saved)
    },
  })
  return (
    <form class="stack wide" novalidate onSubmit={form.submit}>
      <UnsavedGuard dirty={form.dirty()} />
      <ErrorSummary of={form} />
      <p class="quiet">
        {words.leadOfOne(customer().name)}{' '}
        <Show when={staff.mayManage} fallback={words.onlyAdmins}>
          <a href="/settings/self-service">{words.defaultsLink}</a>
        </Show>
      </p>
      <PolicyFields form={form} people={props.found.people} standard={props.found.standard} />
      <Show when={!form.readOnly}>
        <div class="row">
          <Button look={form.dirty() ? 'primary' : 'outlined'} type="submit" busy={form.busy()}>
            {words.save}
          </Button>
          <Show when={form.dirty()}>
            <Button look="ghost" onClick={() => form.reset(initial)}>
              {admin.portal.discard}
            </Button>
          </Show>
          <span class="quiet" role="status">
            {form.dirty() ? admin.portal.changes(form.changeCount()) : ''}
          </span>
        </div>
      </Show>
    </form>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="stack wide">
        <Bone shape="long tall" />
        <Bone shape="long tall" />
      </div>
    </Skeleton>
  )
}
