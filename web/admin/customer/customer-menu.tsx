import { useNavigate } from '@solidjs/router'
import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { Icon, more } from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { access } from '../../words/access.ts'
import { common } from '../../words/common.ts'
import { merges } from '../../words/merges.ts'
import { life } from '../../words/customer-life.ts'
import { explain } from '../../words/problem.ts'
import { disableCustomer, enableCustomer, type Customer } from '../customers/customers.data.ts'
import { listMerges } from '../merges/merges.data.ts'
import { MergeWith } from '../merges/merge-with.tsx'
import { useStaff } from '../staff.tsx'
import { invite } from './contacts.data.ts'
import { archive, deleteCustomer, restore, undoAdminChange } from './customer.data.ts'
import { listTenants } from './tenants.data.ts'

type Of = { customer: Customer; refresh: () => void }

/** What is done to a customer as a whole: put away, brought back, deleted. */
export function CustomerMenu(props: Of): JSX.Element {
  const staff = useStaff()
  const [deleting, setDeleting] = createSignal(false)
  const [merging, setMerging] = createSignal(false)
  const isArchived = () => props.customer.state === 'archived'
  return (
    <Show when={staff.mayWrite}>
      <Menu
        buttonClass="icon-button"
        buttonLabel={life.menu(props.customer.name)}
        button={<Icon of={more} />}
        side="end"
        groups={[
          [
            isArchived()
              ? { label: life.restore, onSelect: () => void bringBack(props) }
              : { label: life.archive, onSelect: () => void putAway(props) },
            ...(isArchived()
              ? []
              : [
                  props.customer.state === 'disabled'
                    ? { label: access.customer.enable, onSelect: () => void letIn(props) }
                    : { label: access.customer.disable, onSelect: () => void shutOut(props) },
                ]),
            ...(staff.mayManage && !isArchived() ? [{ label: merges.with, onSelect: () => setMerging(true) }] : []),
          ],
          ...(staff.mayManage ? [[{ label: life.delete, danger: true, onSelect: () => setDeleting(true) }]] : []),
        ]}
      />
      <Show when={merging()}>
        <MergeWith customer={props.customer} onClose={() => setMerging(false)} />
      </Show>
      <Show when={deleting()}>
        <Delete customer={props.customer} onClose={() => setDeleting(false)} />
      </Show>
    </Show>
  )
}

/** Says on every page of an archived customer what that means, and brings it back. */
export function Archived(props: Of): JSX.Element {
  const staff = useStaff()
  return (
    <Show when={props.customer.state === 'archived'}>
      <Notice
        kind="warn"
        end={
          <Show when={staff.mayWrite}>
            <Button onClick={() => void bringBack(props)}>{life.restore}</Button>
          </Show>
        }
      >
        <b>{life.isArchived}</b> {life.isArchivedText}
      </Notice>
    </Show>
  )
}

/** Says on every page of a disabled customer what that means, and enables it. */
export function Disabled(props: Of): JSX.Element {
  const staff = useStaff()
  return (
    <Show when={props.customer.state === 'disabled'}>
      <Notice
        kind="warn"
        end={
          <Show when={staff.mayWrite}>
            <Button onClick={() => void letIn(props)}>{access.customer.enable}</Button>
          </Show>
        }
      >
        <b>{access.customer.isDisabled}</b> {access.customer.isDisabledText}
      </Notice>
    </Show>
  )
}

/** Says who is to be portal admin and has not confirmed; sends the invitation again, or takes the change back. */
export function AdminPending(props: Of): JSX.Element {
  const staff = useStaff()
  const pending = () => {
    const { portalAdmin: named, state, portal } = props.customer
    return named?.isPending && state === 'active' && portal.state === 'enabled' ? named : undefined
  }
  return (
    <Show when={pending()}>
      {(named) => (
        <Notice
          kind="info"
          end={
            <Show when={staff.mayWrite}>
              <span class="row">
                <Button
                  onClick={() =>
                    void done(
                      props,
                      (customerId) => invite(customerId, named().contactId),
                      access.admin.resent(named().name),
                    )
                  }
                >
                  {access.admin.resend}
                </Button>
                <Show when={named().formerEmail}>
                  {(email) => (
                    <Button onClick={() => void done(props, undoAdminChange, access.admin.undone(email()))}>
                      {access.admin.undo}
                    </Button>
                  )}
                </Show>
              </span>
            </Show>
          }
        >
          <b>{access.admin.pending}</b> {access.admin.pendingText(named().name, named().email)}{' '}
          <Show when={named().formerEmail}>{(email) => access.admin.formerText(email())}</Show>
        </Notice>
      )}
    </Show>
  )
}

const shutOut = (of: Of) =>
  done(of, disableCustomer, access.customer.disabled(of.customer.name), {
    label: access.customer.undo,
    do: () => void letIn(of),
  })

const letIn = (of: Of) => done(of, enableCustomer, access.customer.enabled(of.customer.name))

const putAway = (of: Of) =>
  done(of, archive, life.archived(of.customer.name), { label: life.undo, do: () => void bringBack(of) })

const bringBack = (of: Of) => done(of, restore, life.restored(of.customer.name))

async function done(
  of: Of,
  act: (customerId: string) => Promise<void>,
  said: string,
  undo?: { label: string; do: () => void },
): Promise<void> {
  try {
    await act(of.customer.id)
    say(said, undo === undefined ? {} : { act: undo })
    of.refresh()
  } catch (error) {
    say(explain(asProblem(error)), { mood: 'bad' })
  }
}

function Delete(props: { customer: Customer; onClose: () => void }): JSX.Element {
  const navigate = useNavigate()
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  const [held] = createResource(
    () => (props.customer.tenantCount > 0 ? props.customer.id : undefined),
    async (customerId) => (await listTenants(customerId)).items.map(({ name }) => name),
  )
  const [merges] = createResource(
    () => (props.customer.tenantCount > 0 ? undefined : props.customer.id),
    async (customerId) =>
      (await listMerges(customerId)).filter(
        ({ undoneAt, undoUntil }) => undoneAt === null && Date.parse(undoUntil) > Date.now(),
      ),
  )
  const ending = () => (merges.state === 'ready' ? merges.latest : [])
  const go = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      // Of what could not be shown nobody was told: then the server says it, and refuses.
      await deleteCustomer(props.customer, ending().length > 0)
      say(life.deleted(props.customer.name))
      navigate('/customers', { replace: true })
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Show
      when={props.customer.tenantCount > 0}
      fallback={
        <Confirm
          open
          title={life.deleteTitle(props.customer.name)}
          verb={life.deleteVerb}
          busy={busy() || merges.loading}
          trouble={trouble()}
          onConfirm={() => void go()}
          onClose={() => props.onClose()}
        >
          <p>{life.goes}</p>
          <ul class="goes">
            <li>{life.contacts(props.customer.contactCount)}</li>
            <Show when={props.customer.portal.host}>{(host) => <li>{life.portal(host())}</li>}</Show>
            <li>{life.documents}</li>
            <li>{life.history}</li>
            <For each={ending()}>{(merge) => <li>{life.merged(merge.merged.name, merge.undoUntil)}</li>}</For>
          </ul>
          <Show when={ending().length > 0}>
            <p>
              <b>{life.undoFirst(ending().map((merge) => merge.merged.name))}</b>
            </p>
          </Show>
          <p class="quiet">{life.stays}</p>
        </Confirm>
      }
    >
      <Dialog
        open
        title={life.heldTitle(props.customer.name)}
        onClose={() => props.onClose()}
        foot={
          <>
            <Button onClick={() => props.onClose()}>{common.close}</Button>
            <ButtonLink href={`/customers/${props.customer.id}/tenants`} look="primary">
              {life.toTenants}
            </ButtonLink>
          </>
        }
      >
        <Show when={held.state === 'ready' && held.latest}>{(names) => <p>{life.held(names())}</p>}</Show>
      </Dialog>
    </Show>
  )
}
