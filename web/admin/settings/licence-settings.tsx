import { createMemo, createResource, createSignal, Show, type JSX } from 'solid-js'
import { minorIn, typedOf } from '../../licences/price-text.ts'
import type { KnownSku } from '../../api/shapes.ts'
import { Button } from '../../ui/button.tsx'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { file } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { licenceSettings as words } from '../../words/licence-settings.ts'
import { useStaff } from '../staff.tsx'
import { listSkus, saveSku } from './licence-settings.data.ts'

/** What customers read for each licence, and the list prices of the MSP. */
export function LicenceSettingsPage(): JSX.Element {
  const staff = useStaff()
  const [known, { refetch }] = createResource(listSkus)
  const [editing, setEditing] = createSignal<KnownSku>()
  return (
    <Loaded of={known} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(value) => {
        const rows = createMemo(() =>
          value().items.toSorted(
            (one, other) => Number(one.isFree) - Number(other.isFree) || one.name.localeCompare(other.name),
          ),
        )
        return (
          <div class="stack">
            <p class="quiet">{words.lead}</p>
            <Panel title={words.tab}>
              <Show
                when={rows().length > 0}
                fallback={
                  <Empty icon={file} title={words.emptyTitle}>
                    {words.emptyText}
                  </Empty>
                }
              >
                <Table
                  label={words.tab}
                  rows={rows()}
                  id={({ skuId }) => skuId}
                  columns={columnsOf(value().currency, staff.mayManage ? setEditing : undefined)}
                />
              </Show>
            </Panel>
            <Show when={editing()} keyed>
              {(sku) => (
                <SkuDialog
                  sku={sku}
                  currency={value().currency}
                  onClose={() => setEditing()}
                  onDone={(saved) => {
                    setEditing()
                    say(words.saved(saved.name))
                    void refetch()
                  }}
                />
              )}
            </Show>
          </div>
        )
      }}
    </Loaded>
  )
}

function columnsOf(currency: string, edit: ((sku: KnownSku) => void) | undefined): Column<KnownSku>[] {
  return [
    {
      key: 'name',
      title: words.name,
      wraps: true,
      phone: 'title',
      cell: (sku) => (
        <>
          {sku.name}
          <Show when={sku.ownName !== null}>
            <div class="quiet">{words.microsoftCalls(sku.microsoftName)}</div>
          </Show>
        </>
      ),
    },
    { key: 'partNumber', title: words.partNumber, wide: true, cell: (sku) => <code>{sku.partNumber}</code> },
    {
      key: 'price',
      title: words.price,
      numeric: true,
      phone: 'line',
      cell: (sku) => (
        <Show when={sku.price} fallback={<span class="quiet">{words.noPrice}</span>}>
          {(price) => (
            <>
              {words.each(price().amountMinor, price().currency, price().per)}
              <Show when={price().currency !== currency}>
                <div class="warn">{words.otherCurrency(price().currency)}</div>
              </Show>
            </>
          )}
        </Show>
      ),
    },
    ...(edit === undefined
      ? []
      : [
          {
            key: 'edit',
            title: words.edit,
            quiet: true,
            numeric: true,
            phone: 'end' as const,
            cell: (sku: KnownSku) => (
              <Button look="plain" class="name" label={words.editOf(sku.name)} onClick={() => edit(sku)}>
                {words.edit}
              </Button>
            ),
          },
        ]),
  ]
}

function SkuDialog(props: {
  sku: KnownSku
  currency: string
  onClose: () => void
  onDone: (sku: KnownSku) => void
}): JSX.Element {
  const { price } = props.sku
  const form = createForm<{ name: string; price: string; per: 'month' | 'year' }>({
    initial: {
      name: props.sku.ownName ?? '',
      price: price?.currency === props.currency ? typedOf(price.amountMinor, props.currency) : '',
      per: price?.per ?? 'month',
    },
    check: (values) =>
      values.price.trim() === '' || minorIn(values.price, props.currency) !== undefined
        ? {}
        : { price: words.priceWrong },
    save: async (values) => {
      const amountMinor = minorIn(values.price, props.currency)
      props.onDone(
        await saveSku(props.sku, {
          name: values.name.trim() || null,
          price: amountMinor === undefined ? null : { amountMinor, per: values.per },
        }),
      )
    },
  })
  return (
    <FormDialog of={form} title={props.sku.name} verb={words.save} busyVerb={words.saving} onClose={props.onClose}>
      <TextField
        of={form.field('name')}
        label={words.ownName}
        help={words.ownNameHelp(props.sku.microsoftName)}
        optional
      />
      <TextField of={form.field('price')} label={words.price} help={words.priceHelp(props.currency)} optional />
      <SelectField
        of={form.field('per')}
        label={words.per}
        options={[
          { value: 'month', label: words.month },
          { value: 'year', label: words.year },
        ]}
      />
    </FormDialog>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="stack">
        <Bone shape="half tall" />
        <Bone shape="long" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
