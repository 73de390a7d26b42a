import { useNavigate } from '@solidjs/router'
import { createResource, Show, type JSX } from 'solid-js'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SelectField, TextAreaField } from '../../ui/form-inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { explain } from '../../words/problem.ts'
import { tickets as shared } from '../../words/tickets.ts'
import { asProblem } from '../../api/problem.ts'
import { listContacts } from '../customer/contacts.data.ts'
import { addTicket, readTicketOptions, type StaffTicketOptions } from './tickets.data.ts'
import type { StaffTicketInput } from '../../api/shapes.ts'

type Customer = { id: string; name: string }
type People = { id: string; name: string }[]

/** Writes a ticket down for a customer, as when somebody calls. */
export function NewTicket(props: { customer: Customer; onClose: () => void }): JSX.Element {
  const [known] = createResource(async () => {
    try {
      const [options, { items }] = await Promise.all([readTicketOptions(), listContacts(props.customer.id)])
      return { options, people: items }
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
      props.onClose()
      return undefined
    }
  })
  return (
    <Show when={known.state === 'ready' && known.latest}>
      {(ready) => (
        <Fields customer={props.customer} options={ready().options} people={ready().people} onClose={props.onClose} />
      )}
    </Show>
  )
}

function Fields(props: {
  customer: Customer
  options: StaffTicketOptions
  people: People
  onClose: () => void
}): JSX.Element {
  const navigate = useNavigate()
  const { options } = props
  const form = createForm<{
    requester: string
    subject: string
    description: string
    category: string
    priority: StaffTicketInput['priority']
    assignee: string
  }>({
    initial: {
      requester: '',
      subject: '',
      description: '',
      category: '',
      priority: 'normal',
      assignee: '',
    },
    check: ({ subject, description, category }) => ({
      ...(subject.trim() === '' && { subject: words.form.subjectMissing }),
      ...(description.trim() === '' && { description: words.form.descriptionMissing }),
      ...(category === '' && { category: words.form.categoryMissing }),
    }),
    save: async ({ requester, assignee, ...values }) => {
      const made = await addTicket(props.customer.id, {
        ...values,
        requester: requester || null,
        assignee: assignee || null,
        watchers: [],
        about: null,
        files: [],
      })
      say(words.added(made.number))
      navigate(`/tickets/${made.id}`)
    },
  })
  const named = (none: string, people: People) => [
    { value: '', label: none },
    ...people.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <FormDialog
      of={form}
      title={words.addTitle(props.customer.name)}
      verb={words.add}
      busyVerb={words.adding}
      onClose={props.onClose}
    >
      <SelectField
        of={form.field('requester')}
        label={words.form.requester}
        options={named(words.form.nobody, props.people)}
      />
      <TextField of={form.field('subject')} label={words.form.subject} help={words.form.subjectHelp} full />
      <TextAreaField
        of={form.field('description')}
        label={words.form.description}
        help={words.form.descriptionHelp}
        rows={6}
        full
      />
      <SelectField
        of={form.field('category')}
        label={words.form.category}
        options={[
          { value: '', label: shared.choose },
          ...options.categories.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <SelectField
        of={form.field('priority')}
        label={words.form.priority}
        options={options.priorities.map(({ priority, name }) => ({ value: priority, label: name }))}
      />
      <SelectField
        of={form.field('assignee')}
        label={words.form.assignee}
        options={named(words.nobodyYet, options.staff)}
      />
    </FormDialog>
  )
}
