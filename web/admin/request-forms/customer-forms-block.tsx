import type { JSX } from 'solid-js'
import { ButtonLink } from '../../ui/button.tsx'
import { Block } from '../../ui/panel.tsx'
import { requestForms as words } from '../../words/request-forms.ts'
import { useCustomer } from '../customer/customer-context.ts'

/** The way to what a customer is asked otherwise than all customers. */
export function CustomerRequestFormsBlock(): JSX.Element {
  const { customer } = useCustomer()
  return (
    <Block title={words.title}>
      <p class="quiet">{words.linkText(customer().name)}</p>
      <div>
        <ButtonLink href={`/customers/${customer().id}/portal/request-forms`} label={words.link(customer().name)}>
          {words.title}
        </ButtonLink>
      </div>
    </Block>
  )
}
