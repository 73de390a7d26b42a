import type { JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { common } from '../../words/common.ts'
import { FindCustomer } from './find-customer.tsx'

/** Asks which customer, in a dialog of its own. */
export function ChooseCustomer(props: {
  title: string
  hint: string
  none: (typed: string) => string
  onClose: () => void
  onChoose: (customer: { id: string; name: string }) => void
}): JSX.Element {
  return (
    <Dialog
      open
      title={props.title}
      onClose={() => props.onClose()}
      foot={<Button onClick={() => props.onClose()}>{common.cancel}</Button>}
    >
      <FindCustomer hint={props.hint} none={props.none} onChoose={({ id, name }) => props.onChoose({ id, name })} />
    </Dialog>
  )
}
