import { For, type JSX } from 'solid-js'
import { minorIn, typedOf } from '../../licences/price-text.ts'
import type { Licence } from '../../licences/licences.data.ts'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { Checkbox, FieldGroup } from '../../ui/inputs.tsx'
import { licenceSettings as words } from '../../words/licence-settings.ts'
import { saveTerms, type LicenceTerms } from './licences.data.ts'

type Per = 'month' | 'year'
const periods = [
  { value: 'month', label: words.month },
  { value: 'year', label: words.year },
] as const

/** What a customer's people see of its licences, and its own prices. */
export function TermsDialog(props: {
  customer: { id: string; name: string }
  terms: LicenceTerms
  licences: Licence[]
  onClose: () => void
  onDone: (terms: LicenceTerms) => void
}): JSX.Element {
  const { currency } = props.terms
  const known = new Map(props.terms.prices.map((price) => [price.skuId, price]))
  const priced = props.licences.filter(({ isFree }) => !isFree)
  /** Prices of licences that the customer does not have now stay as they are. */
  const others = props.terms.prices.filter(
    (price) => price.currency === currency && !priced.some(({ skuId }) => skuId === price.skuId),
  )
  const initial: Record<string, string> & { costsShown: string } = {
    costsShown: flag(props.terms.costsShown),
  }
  for (const { skuId } of priced) {
    const own = known.get(skuId)
    initial[amountOf(skuId)] = own?.currency === currency ? typedOf(own.amountMinor, currency) : ''
    initial[perOf(skuId)] = own?.per ?? 'month'
  }
  const form = createForm<Record<string, string>>({
    initial,
    check: (values) =>
      Object.fromEntries(
        priced.flatMap(({ skuId }) => {
          const typed = values[amountOf(skuId)]?.trim() ?? ''
          return typed === '' || minorIn(typed, currency) !== undefined ? [] : [[amountOf(skuId), words.priceWrong]]
        }),
      ),
    save: async (values) => {
      const prices = priced.flatMap(({ skuId }) => {
        const amountMinor = minorIn(values[amountOf(skuId)] ?? '', currency)
        const per: Per = values[perOf(skuId)] === 'year' ? 'year' : 'month'
        return amountMinor === undefined ? [] : [{ skuId, amountMinor, per }]
      })
      const kept = others.map(({ skuId, amountMinor, per }) => ({ skuId, amountMinor, per }))
      props.onDone(
        await saveTerms(props.customer.id, props.terms, {
          costsShown: values['costsShown'] === 'yes',
          prices: [...prices, ...kept],
        }),
      )
    },
  })
  return (
    <FormDialog
      of={form}
      title={words.termsTitle(props.customer.name)}
      verb={words.save}
      busyVerb={words.saving}
      onClose={props.onClose}
    >
      <FieldGroup legend={words.terms}>
        <Checkbox
          label={words.costsShown}
          checked={form.values()['costsShown'] === 'yes'}
          onChange={(checked) => form.field('costsShown').set(flag(checked))}
        />
      </FieldGroup>
      <FieldGroup legend={words.ownPrices} help={words.ownPricesHelp(currency)}>
        <For each={priced}>
          {({ skuId, name }) => (
            <div class="own-price">
              <TextField of={form.field(amountOf(skuId))} label={name} optional />
              <SelectField of={form.field(perOf(skuId))} label={words.per} options={periods} />
            </div>
          )}
        </For>
      </FieldGroup>
    </FormDialog>
  )
}

const flag = (on: boolean): string => (on ? 'yes' : 'no')
const amountOf = (skuId: string): string => `amount ${skuId}`
const perOf = (skuId: string): string => `per ${skuId}`
