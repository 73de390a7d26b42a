import { useSearchParams } from '@solidjs/router'
import { createSignal, onMount, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { plus } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { admin } from '../../words/admin.ts'
import { AlsoRead } from './also-read.tsx'
import { useCustomer } from './customer-context.ts'
import { EarlierTenants, TenantTable, watchTenants } from './tenant-table.tsx'
import { startConnection } from './tenants.data.ts'

const words = admin.tenants

export function Tenants(): JSX.Element {
  const { customer, mayChange } = useCustomer()
  const [params, setParams] = useSearchParams<{ connection?: string }>()
  const tenants = watchTenants(() => customer().id)
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
      <Panel title={words.title} end={mayChange() && customer().tenantCount > 0 ? connect() : undefined}>
        <TenantTable of={tenants} customerId={customer().id} act={mayChange() ? connect() : undefined} />
      </Panel>
      <AlsoRead of={tenants} />
      <EarlierTenants of={tenants} />
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
    <FormDialog
      of={form}
      title={words.connectTitle}
      verb={words.goToMicrosoft}
      busyVerb={words.connecting}
      onClose={props.onClose}
    >
      <p>{words.connectText}</p>
      <TextField of={form.field('tenant')} label={words.field} help={words.fieldHelp} spellcheck={false} />
    </FormDialog>
  )
}
