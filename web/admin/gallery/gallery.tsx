import { createSignal, For, type JSX } from 'solid-js'
import { Avatar, Badge, State } from '../../ui/badge.tsx'
import { Progress, UtilisationBar } from '../../ui/bars.tsx'
import { Button, ButtonLink, IconButton } from '../../ui/button.tsx'
import { Card, Figure } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { ColourInput } from '../../ui/colour-input.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Checkbox, RadioGroup, Select } from '../../ui/inputs.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { createForm, PasswordField, TextField } from '../../ui/form.tsx'
import { TextAreaField } from '../../ui/form-inputs.tsx'
import * as icons from '../../ui/icon.tsx'
import { Menu } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Chip, Crumbs, Tabs } from '../../ui/nav.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel, Strip } from '../../ui/panel.tsx'
import { PictureInput } from '../../ui/picture-input.tsx'
import type { Picture } from '../../ui/picture.ts'
import { SearchBox } from '../../ui/search-box.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { Bone, Empty, Failed, Segments, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { AsOf, Time } from '../../ui/time.tsx'
import { Tip } from '../../ui/tip.tsx'
import { useTitle } from '../title.ts'
import { ConversationSample } from './conversation.tsx'
import './gallery.css'

// A page for the people who build this: its words are samples, so they stand here and not in the catalogue.

type Sample = { id: string; name: string; count: number }
const samples: Sample[] = [
  { id: 'a', name: 'Alder', count: 38 },
  { id: 'b', name: 'Birch', count: 1_482 },
  { id: 'c', name: 'Cedar', count: 17 },
]
const { Icon, ...shapes } = icons
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
const points = [55, 55, 56, 54, 57, 58, 57, 59, 60, 61].map((value, index) => ({ at: `Day ${index + 1}`, value }))

export default function Gallery(): JSX.Element {
  useTitle(() => 'Gallery')
  const [theme, setTheme] = createSignal<'light' | 'dark'>('light')
  const [brand, setBrand] = createSignal<'loud' | 'house'>('loud')
  const [density, setDensity] = createSignal<'dense' | 'roomy'>('dense')
  return (
    <div class="gallery">
      <div class="gallery-head">
        <h1>Gallery</h1>
        <Segments
          label="Theme"
          value={theme()}
          options={[
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          onChange={setTheme}
        />
        <Segments
          label="Brand"
          value={brand()}
          options={[
            { value: 'loud', label: 'Loud' },
            { value: 'house', label: 'House' },
          ]}
          onChange={setBrand}
        />
        <Segments
          label="Density"
          value={density()}
          options={[
            { value: 'dense', label: 'Dense' },
            { value: 'roomy', label: 'Roomy' },
          ]}
          onChange={setDensity}
        />
      </div>
      <div class={`gallery-sheet ${density()} ${brand() === 'loud' ? 'brand-loud' : ''}`} data-theme={theme()}>
        <Buttons />
        <Fields />
        <Floating />
        <States />
        <Figures />
        <Lists />
        <Set title="Conversation">
          <ConversationSample />
        </Set>
        <Waiting />
        <Shapes />
      </div>
    </div>
  )
}

function Set(props: { title: string; children: JSX.Element }): JSX.Element {
  return (
    <section class="gallery-set">
      <h2>{props.title}</h2>
      <div class="stack">{props.children}</div>
    </section>
  )
}

function Buttons(): JSX.Element {
  return (
    <Set title="Buttons">
      <div class="row wrap">
        <Button look="primary" icon={icons.plus}>
          Invite 12 people
        </Button>
        <Button>Export</Button>
        <Button look="plain">Show all</Button>
        <Button look="ghost">Cancel</Button>
        <Button look="danger">Delete it</Button>
        <Button look="primary" busy busyLabel="Saving…">
          Save
        </Button>
        <Button disabled>Not allowed</Button>
        <ButtonLink href="/gallery" icon={icons.out}>
          A link
        </ButtonLink>
        <IconButton icon={icons.more} label="More" />
        <CopyButton text="a text to copy" />
        <span class="kbd">Esc</span>
      </div>
    </Set>
  )
}

function Fields(): JSX.Element {
  const form = createForm({
    initial: { name: '', mail: 'dana.example', prefix: 'alder', word: '', notes: '' },
    check: () => ({ mail: 'Enter an e-mail address with an @', prefix: 'Choose another prefix: “alder” is taken' }),
    save: () => Promise.resolve(),
  })
  const [pick, setPick] = createSignal('one')
  const [colour, setColour] = createSignal('#c8005a')
  const [on, setOn] = createSignal(true)
  const [picture, setPicture] = createSignal<Picture>()
  return (
    <Set title="Fields">
      <form class="stack" novalidate onSubmit={form.submit}>
        <ErrorSummary of={form} />
        <div class="gallery-pair">
          <TextField of={form.field('name')} label="Name" help="As it should appear in lists." />
          <TextField of={form.field('mail')} label="E-mail" type="email" />
          <TextField of={form.field('prefix')} label="Prefix" suffix=".example.com" />
          <PasswordField of={form.field('word')} label="New password" autocomplete="new-password" />
          <TextAreaField of={form.field('notes')} label="Notes" optional />
          <Field label="Colour" help="Picked or typed.">
            <ColourInput value={colour()} fallback="#c8005a" pickLabel="Pick a colour" onInput={setColour} />
          </Field>
          <Field label="One of many">
            <Select
              value={pick()}
              options={[
                { value: 'one', label: 'The first' },
                { value: 'two', label: 'The second' },
              ]}
              onChange={setPick}
            />
          </Field>
          <Field label="Wrong from the start" error="Say what to do, in words">
            <TextInput value="nonsense" onInput={() => undefined} />
          </Field>
          <RadioGroup
            legend="One of few"
            value={pick()}
            options={[
              { value: 'one', label: 'The first', help: 'With a line of help.' },
              { value: 'two', label: 'The second' },
            ]}
            onChange={setPick}
          />
          <Checkbox label="Yes or no" help="With a line of help." checked={on()} onChange={setOn} />
        </div>
        <PictureInput
          limits={{ widthMax: 502, heightMax: 81, bytesMax: 262_144 }}
          shown={picture() ? { url: picture()?.url ?? '', title: picture()?.name ?? '', detail: 'Scaled here' } : null}
          words={{
            none: 'No picture',
            drop: 'Drop one here.',
            choose: 'Choose',
            replace: 'Replace',
            remove: 'Remove',
            help: 'PNG or JPEG.',
            trouble: (what) => what.reason,
          }}
          onPick={setPicture}
          onRemove={() => setPicture(undefined)}
        />
        <SearchBox label="Search samples" placeholder="Search" value="" onSearch={() => undefined} />
        <div>
          <Button look="primary" type="submit">
            Show the errors
          </Button>
        </div>
      </form>
    </Set>
  )
}

function Floating(): JSX.Element {
  const [dialog, setDialog] = createSignal(false)
  const [confirm, setConfirm] = createSignal(false)
  return (
    <Set title="Floating">
      <div class="row wrap">
        <Menu
          buttonClass="button outlined"
          button="A menu"
          note="A line about it"
          groups={[
            [{ label: 'Open' }, { label: 'Copy', icon: icons.copy }, { label: 'Chosen', checked: true }],
            [{ label: 'Delete', danger: true }],
          ]}
        />
        <Tip text="More about this word, on hover, focus and touch.">A tip</Tip>
        <Button onClick={() => setDialog(true)}>A dialog</Button>
        <Button onClick={() => setConfirm(true)}>A second step</Button>
        <Button onClick={() => say('Archived Alder.', { act: { label: 'Undo', do: () => say('Back again.') } })}>
          A message with undo
        </Button>
        <Button onClick={() => say('Not saved: somebody changed this a minute ago.', { mood: 'bad' })}>
          A failure
        </Button>
      </div>
      <Dialog
        open={dialog()}
        title="A dialog with something to lose"
        dirty
        onClose={() => setDialog(false)}
        foot={
          <>
            <Button onClick={() => setDialog(false)}>Cancel</Button>
            <Button look="primary" onClick={() => setDialog(false)}>
              Do it
            </Button>
          </>
        }
      >
        <Field label="Something typed">
          <TextInput value="half a sentence" onInput={() => undefined} />
        </Field>
      </Dialog>
      <Confirm
        open={confirm()}
        title="Delete Alder?"
        verb="Delete Alder"
        onConfirm={() => setConfirm(false)}
        onClose={() => setConfirm(false)}
      >
        <p>Its 4 leaves go with it. This cannot be undone.</p>
      </Confirm>
    </Set>
  )
}

function States(): JSX.Element {
  const [on, setOn] = createSignal(true)
  return (
    <Set title="States and places">
      <div class="row wrap">
        <Badge mood="good">Works</Badge>
        <Badge mood="warn">2 over</Badge>
        <Badge mood="bad">Lost</Badge>
        <Badge mood="info">In progress</Badge>
        <Badge mood="none">Never</Badge>
        <State mood="good">Good</State>
        <State mood="warn">Slow</State>
        <State mood="bad">Down</State>
        <State mood="none">Unknown</State>
        <Avatar name="Ada Lovelace" />
        <Chip on={on()} onToggle={() => setOn(!on())}>
          A filter
        </Chip>
      </div>
      <Crumbs label="Sample path" path={[{ href: '/gallery', label: 'Trees' }]} here="Alder" />
      <Tabs
        label="Sample tabs"
        items={[
          { href: '/gallery', label: 'Overview' },
          { href: '/gallery/leaves', label: 'Leaves', count: 4 },
        ]}
      />
      <div class="stack tight">
        <Notice>Something worth knowing.</Notice>
        <Notice kind="warn" end={<a href="/gallery">Do something</a>}>
          <b>Figures are 31 hours old.</b> We try again every hour.
        </Notice>
        <Notice kind="bad">
          <b>It was refused.</b> What we had is kept.
        </Notice>
        <Notice kind="good">It worked.</Notice>
      </div>
    </Set>
  )
}

function Figures(): JSX.Element {
  return (
    <Set title="Figures">
      <Strip
        items={[
          { label: 'Leaves', value: '64', note: '1 more than last week' },
          { label: 'Seats', value: '69', of: 'of 76', note: '2 over', warn: true },
          { label: 'Somewhere', value: '5', href: '/gallery' },
        ]}
      />
      <div class="gallery-pair">
        <Card
          topic="The topic"
          answer="The heading is the answer."
          links={<a href="/gallery">Where it leads</a>}
          asOf={<AsOf at={hoursAgo(1)} />}
        >
          <div class="stack">
            <UtilisationBar name="Over" used={27} of={25} label="27 of 25 used, 2 more than bought" note="2 over" />
            <UtilisationBar
              name="Idle"
              used={34}
              of={40}
              idle={4}
              label="34 of 40 used, 4 idle"
              note="6 free, 4 idle"
            />
            <UtilisationBar name="None" used={0} of={5} label="0 of 5 used" note="5 free" />
            <UtilisationBar name="Nothing bought" used={3} of={0} label="3 used, none bought" note="3 over" />
          </div>
        </Card>
        <Card topic="A line" answer="Better than before." asOf={<AsOf at={hoursAgo(60)} />}>
          <Figure value="61" of="of 100" />
          <Sparkline
            points={points}
            name={(at) => at}
            label="Rose from 55 to 61 in ten days"
            peer={47}
            peerLabel="47, others"
          />
        </Card>
      </div>
      <Progress what="Reading leaves" done={1_240} of={3_100} label="Reading leaves" />
      <Progress what="Starting" done={0} of={null} label="Starting" />
    </Set>
  )
}

function Lists(): JSX.Element {
  const [sort, setSort] = createSignal('name')
  const [selected, setSelected] = createSignal<ReadonlySet<string>>(new globalThis.Set(['b']))
  return (
    <Set title="Lists">
      <Table
        label="Samples"
        rows={samples}
        id={(row) => row.id}
        nameOf={(row) => row.name}
        sort={sort()}
        onSort={setSort}
        selected={selected()}
        onSelect={(ids, on) =>
          setSelected(
            new globalThis.Set(on ? [...selected(), ...ids] : [...selected()].filter((id) => !ids.includes(id))),
          )
        }
        columns={[
          {
            key: 'name',
            title: 'Name',
            sortable: true,
            phone: 'title',
            cell: (row) => (
              <a class="name" href="/gallery">
                {row.name}
              </a>
            ),
          },
          { key: 'state', title: 'State', phone: 'end', cell: () => <State mood="good">Good</State> },
          { key: 'count', title: 'Leaves', numeric: true, sortable: true, phone: 'line', cell: (row) => row.count },
          { key: 'at', title: 'Seen', numeric: true, cell: () => <Time at={hoursAgo(5)} relative plain /> },
        ]}
      />
      <Panel title="Facts" padded>
        <Facts
          of={[
            { name: 'Created', value: <Time at={hoursAgo(900)} /> },
            { name: 'Phone', value: '01632 960 144' },
          ]}
        />
      </Panel>
    </Set>
  )
}

function Waiting(): JSX.Element {
  return (
    <Set title="Waiting, empty, failed">
      <div class="gallery-pair">
        <div class="card">
          <div class="card-body">
            <Skeleton what="A sample">
              <div class="stack">
                <Bone shape="short" />
                <Bone shape="long tall" />
                <Bone />
                <Bone shape="half" />
              </div>
            </Skeleton>
          </div>
        </div>
        <div class="card">
          <Empty icon={icons.list} title="No leaves yet" act={<Button look="primary">Add a leaf</Button>}>
            Leaves live here. Add one and it grows.
          </Empty>
        </div>
        <div class="card">
          <Failed title="Leaves could not be loaded" error={null} retry={() => undefined} />
        </div>
      </div>
    </Set>
  )
}

function Shapes(): JSX.Element {
  return (
    <Set title="Icons">
      <div class="gallery-icons">
        <For each={Object.entries(shapes)}>
          {([name, shape]) => (
            <span title={name}>
              <Icon of={shape} />
            </span>
          )}
        </For>
      </div>
    </Set>
  )
}
