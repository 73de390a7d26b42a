import { useSearchParams } from '@solidjs/router'
import { createSignal, onMount, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { createForm, ErrorSummary, TextField } from '../../ui/form.tsx'
import { plus } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { useStaff } from '../staff.tsx'
import { useCustomer } from './customer-context.ts'
import { TenantTable } from './tenant-table.tsx'
import { startConnection } from './tenants.data.ts'

const words = admin.tenants

export function Tenants(): JSX.Element {
  const staff = useStaff()
  const { customer } = useCustomer()
  const [params, setParams] = useSearchParams<{ connection?: string }>()
  const [connecting, setConnecting] = createSignal(false)
  // Microsoft sends the person back here; what came of it stands in the address, once.
  onMount(() => {
    if (params.connection === 'connected') say(words.connected)
    else if (params.connection) say(words.refused(params.connection), { mood: 'bad' })
    if (params.connection) setParams({ connection: undefined }, { replace: true })
  })
  const connect = () => (
    <Button look="primary" icon={plus} onClick={() => setConnecting(true)}>
      {words.connect}
    </Button>
  )
  return (
    <>
      <Panel title={words.title} end={staff.mayWrite && customer().tenantCount > 0 ? connect() : undefined}>
        <TenantTable customerId={customer().id} act={staff.mayWrite ? connect() : undefined} />
      </Panel>
      <Show when={connecting()}>
        <Connect customerId={customer().id} onClose={() => setConnecting(false)} />
      </Show>
    </>
  )
}

function Connect(props: { customerId: string; onClose: () => void }): JSX.Element {
  const form = createForm({
    initial: { tenant: '' },
    check: (values) => (values.tenant.trim() === '' ? { tenant: words.enter } : {}),
    save: async (values) => {
      location.assign(await startConnection(props.customerId, values.tenant.trim()))
      await new Promise(() => undefined)
    },
  })
  return (
    <Dialog
      open
      title={words.connectTitle}
      onClose={props.onClose}
      onSubmit={form.submit}
      foot={
        <>
          <Button onClick={() => props.onClose()}>{common.cancel}</Button>
          <Button look="primary" type="submit" busy={form.busy()} busyLabel={words.connecting}>
            {words.goToMicrosoft}
          </Button>
        </>
      }
    >
      <p>{words.connectText}</p>
      <ErrorSummary of={form} />
      <TextField of={form.field('tenant')} label={words.field} help={words.fieldHelp} spellcheck={false} />
    </Dialog>
  )
}
