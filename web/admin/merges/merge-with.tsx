import { useNavigate } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { common } from '../../words/common.ts'
import { merges as words } from '../../words/merges.ts'
import type { Customer } from '../customers/customers.data.ts'
import { FindCustomer } from '../customers/find-customer.tsx'
import { mergeAddress } from './merges.data.ts'

/** Finds the other of two customers that are the same. */
export function MergeWith(props: { customer: Customer; onClose: () => void }): JSX.Element {
  const navigate = useNavigate()
  return (
    <Dialog
      open
      title={words.pickTitle(props.customer.name)}
      onClose={() => props.onClose()}
      foot={<Button onClick={() => props.onClose()}>{common.cancel}</Button>}
    >
      <FindCustomer
        hint={words.pickHint}
        none={words.pickNone}
        except={props.customer.id}
        onChoose={({ id }) => navigate(mergeAddress(props.customer.id, id))}
      />
    </Dialog>
  )
}
