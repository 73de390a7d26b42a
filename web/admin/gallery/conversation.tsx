import { createSignal, type JSX } from 'solid-js'
import { Composer } from '../../tickets/composer.tsx'
import { Conversation } from '../../tickets/conversation.tsx'
import { createMessage } from '../../tickets/message.ts'
import type { TicketEntry, TicketFile } from '../../api/shapes.ts'
import { TicketStanding } from '../../tickets/standing.tsx'
import { createThread } from '../../tickets/thread.ts'
import { Segments } from '../../ui/states.tsx'

const at = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
const file = (id: string, name: string, mediaType: TicketFile['mediaType']): TicketFile => ({
  id,
  name,
  mediaType,
  byteCount: 84_000,
  canBeViewed: mediaType !== 'application/octet-stream',
  createdAt: at(60),
})
const of = (id: string, author: TicketEntry['author'], more: Partial<TicketEntry>): TicketEntry => ({
  id,
  kind: 'comment',
  author,
  text: '',
  quoted: null,
  event: null,
  source: 'portal',
  files: [],
  createdAt: at(1),
  ...more,
})
const ada = { kind: 'contact', id: 'ada', name: 'Ada Lovelace' } as const
const charles = { kind: 'staff', id: 'charles', name: 'Charles Babbage' } as const
const nobody = { kind: 'system', id: null, name: '' } as const

const entries: TicketEntry[] = [
  of('1', ada, {
    text: 'Since this morning every card comes out blank.\n\nSee https://example.com/cards, and the picture.',
    files: [
      file('a', 'blank-card.pdf', 'application/pdf'),
      file('b', `${'long '.repeat(50)}name.exe`, 'application/octet-stream'),
    ],
    createdAt: at(50),
  }),
  of('2', charles, { kind: 'event', event: { type: 'state', from: 'new', to: 'in_progress' }, createdAt: at(49) }),
  of('3', charles, { kind: 'note', text: 'The third wheel is worn. Ordered.', source: 'admin', createdAt: at(30) }),
  of('4', charles, { text: 'Which of the two handles do you turn?', source: 'admin', createdAt: at(29) }),
  of('5', charles, {
    kind: 'event',
    event: { type: 'state', from: 'in_progress', to: 'waiting_on_customer' },
    createdAt: at(29),
  }),
  of('6', ada, {
    text: 'The upper one.',
    quoted: '> Which of the two handles do you turn?',
    source: 'mail',
    createdAt: at(4),
  }),
  of(
    '7',
    { kind: 'contact', id: 'mary', name: 'Mary Somerville' },
    { text: 'هل يعمل المقبض؟ It turns.', createdAt: at(3) },
  ),
  of('8', nobody, { kind: 'event', event: { type: 'state', from: 'resolved', to: 'closed' } }),
]

/** A conversation as both sides read it, with what one writes into it. Nothing that is written here goes anywhere. */
export function ConversationSample(): JSX.Element {
  const [to, setTo] = createSignal<'customer' | 'staff'>('customer')
  const thread = createThread(() => Promise.resolve({ items: [], nextCursor: null }))
  const message = createMessage({
    place: { person: 'gallery', purpose: 'sample' },
    store: {
      upload: async (key, { name, size, type }) => ({
        ...file(key, name, type === 'image/png' ? type : 'application/octet-stream'),
        byteCount: size,
      }),
      remove: () => Promise.resolve(),
    },
    limits: { fileCountMax: 3, fileBytesMax: 25 * 1024 * 1024 },
    send: () => Promise.resolve(),
  })
  return (
    <>
      <Segments
        label="Reader"
        value={to()}
        options={[
          { value: 'customer', label: 'To a customer' },
          { value: 'staff', label: 'To staff' },
        ]}
        onChange={setTo}
      />
      <div class="row wrap">
        {(['new', 'in_progress', 'waiting_on_customer', 'resolved', 'closed'] as const).map((state) => (
          <TicketStanding state={state} to={to()} />
        ))}
      </div>
      <Conversation
        of={{
          ...thread,
          entries: () => (to() === 'staff' ? entries : entries.filter(({ kind }) => kind !== 'note')),
        }}
        reader={{
          to: to(),
          id: to() === 'staff' ? 'charles' : 'ada',
          provider: 'The Engine Works',
          customer: 'Countess & Co.',
          priorityName: (priority) => priority,
        }}
        urls={() => ({ view: '/favicon.svg', content: '/favicon.svg' })}
      />
      <Composer
        of={message}
        label="Your answer"
        help="Goes nowhere from here."
        verb="Send answer"
        busyVerb="Sending…"
        internal={to() === 'staff'}
      />
    </>
  )
}
