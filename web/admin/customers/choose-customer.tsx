import type { JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { FindCustomer } from './find-customer.tsx'

/** Asks which customer, in a dialog of its own. */
export function ChooseCustomer(props: {
  title: string
  onClose: () => void
  onChoose: (customer: { id: string; name: string }) => void
}): JSX.Element {
  const words = admin.customers
  return (
    <Dialog
      open
      title={props.title}
      onClose={() => props.onClose()}
      foot={<Button onClick={() => props.onClose()}>{common.cancel}</Button>}
    >
      <FindCustomer
        hint={words.chooseHint}
        none={words.chooseNone}
        onChoose={({ id, name }) => props.onChoose({ id, name })}
      />
    </Dialog>
  )
}
