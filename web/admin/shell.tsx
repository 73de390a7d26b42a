import { useLocation, useNavigate } from '@solidjs/router'
import { createSignal, For, Show, type JSX } from 'solid-js'
import { Bell } from '../bell/bell.tsx'
import { MicrosoftOutcome } from '../session/microsoft-outcome.tsx'
import { signOut } from '../session/session.data.ts'
import { forgetDraftsOf } from '../tickets/draft.ts'
import { Avatar } from '../ui/badge.tsx'
import {
  building,
  check,
  file,
  home,
  horn,
  Icon,
  list,
  plus,
  pulse,
  search,
  sliders,
  ticket,
  type Shape,
} from '../ui/icon.tsx'
import { Dock } from '../ui/dock.tsx'
import { Soon } from '../ui/in-turn.tsx'
import { createMediaMatch } from '../ui/media.ts'
import { Menu } from '../ui/menu.tsx'
import { isWithin } from '../ui/within.ts'
import { Messages, say } from '../ui/messages.tsx'
import { CommandPalette, type Command } from '../ui/palette.tsx'
import { SkipLink } from '../ui/skip.tsx'
import { themeItems } from '../ui/theme-menu.ts'
import { admin } from '../words/admin.ts'
import { ticketMails } from '../words/bell.ts'
import { matters } from '../words/matters.ts'
import { workspace } from '../words/workspace.ts'
import { common } from '../words/common.ts'
import { microsoft } from '../words/microsoft.ts'
import { staffNews } from './bell.data.ts'
import { listCustomers } from './customers/customers.data.ts'
import { settingsTabs } from './settings/tabs.ts'
import { useStaff } from './staff.tsx'
import './shell.css'

type Below = { href: string; label: string; onlyToManage?: true }
type Page = { href: string; label: string; icon: Shape; below?: Below[] }

const pages: Page[] = [
  { href: '/customers', label: admin.nav.customers, icon: building },
  { href: '/tickets', label: admin.nav.tickets, icon: ticket },
  { href: '/requests', label: admin.nav.requests, icon: check },
  { href: '/licences', label: matters.title, icon: file },
  { href: '/workspace', label: workspace.title, icon: home },
  { href: '/notices', label: admin.nav.notices, icon: horn },
  { href: '/activity', label: admin.nav.activity, icon: list },
  { href: '/jobs', label: admin.nav.jobs, icon: pulse },
  {
    href: '/settings',
    label: admin.nav.settings,
    icon: sliders,
    below: settingsTabs,
  },
]

export function Shell(props: { children: JSX.Element }): JSX.Element {
  const staff = useStaff()
  const navigate = useNavigate()
  const location = useLocation()
  const [jumping, setJumping] = createSignal(false)
  // Two customers are merged from their list.
  const isAt = (page: Page) =>
    location.pathname.startsWith(page.href) || (page.href === '/customers' && location.pathname === '/merge')
  const below = (page: Page) => (page.below ?? []).filter((one) => staff.mayManage || !one.onlyToManage)
  const name = () => staff.boot.msp?.name ?? ''
  // Only one of the two navigations is in sight, at the side or at the bottom, so only that one is made.
  const isPhone = createMediaMatch('(max-width: 700px)')

  const commands: Command[] = [
    ...pages
      .flatMap((page) => [page, ...below(page).map((one) => ({ ...one, icon: page.icon }))])
      .map((page) => ({
        label: page.label,
        group: admin.palette.pages,
        icon: page.icon,
        run: () => navigate(page.href),
      })),
    ...(staff.mayWrite
      ? [
          {
            label: admin.customers.add,
            group: admin.palette.actions,
            icon: plus,
            run: () => navigate('/customers?add=yes'),
          },
        ]
      : []),
    ...(staff.may('tickets.write')
      ? [
          {
            label: admin.palette.newTicket,
            group: admin.palette.actions,
            icon: plus,
            run: () => navigate('/tickets?add=yes'),
          },
        ]
      : []),
  ]
  const find = async (query: string): Promise<Command[]> => {
    const { listTickets } = await import('./tickets/tickets.data.ts')
    const [customers, tickets] = await Promise.all([
      listCustomers({ q: query, limit: 8 }),
      listTickets({ view: 'all', q: query, limit: 5 }),
    ])
    return [
      ...customers.items.map((customer) => ({
        label: customer.name,
        group: admin.palette.customers,
        icon: building,
        ...(customer.primaryContactName && { hint: customer.primaryContactName }),
        run: () => navigate(`/customers/${customer.id}`),
      })),
      ...tickets.items.map((one) => ({
        label: `#${one.number} ${one.subject}`,
        group: admin.nav.tickets,
        icon: ticket,
        hint: one.customer.name,
        run: () => navigate(`/tickets/${one.id}`),
      })),
    ]
  }

  return (
    <div class="shell has-dock">
      <SkipLink />
      <header class="rail">
        <div class="rail-house">
          <span class="rail-mark" aria-hidden="true">
            {name().charAt(0)}
          </span>
          <b title={name()}>{name()}</b>
          <Bell of={staffNews} unread={staff.person.unread} />
        </div>
        <button type="button" class="jump" onClick={() => setJumping(true)} aria-keyshortcuts="Control+K Meta+K">
          <Icon of={search} />
          <span>{admin.palette.open}</span>
          <span class="jump-keys" aria-hidden="true">
            <span class="kbd">Ctrl</span>
            <span class="kbd">K</span>
          </span>
        </button>
        <Show when={!isPhone()}>
          <nav aria-label={common.main}>
            <ul>
              <For each={pages}>
                {(page) => (
                  <li>
                    <a
                      href={page.href}
                      title={page.label}
                      aria-current={isAt(page) ? (page.below ? 'true' : 'page') : undefined}
                    >
                      <Icon of={page.icon} />
                      <span>{page.label}</span>
                    </a>
                    <Show when={page.below && isAt(page)}>
                      <ul class="rail-below">
                        <For each={below(page)}>
                          {(one) => (
                            <li>
                              <a
                                href={one.href}
                                aria-current={isWithin(location.pathname, one.href) ? 'page' : undefined}
                              >
                                {one.label}
                              </a>
                            </li>
                          )}
                        </For>
                      </ul>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </nav>
        </Show>
        <StaffMenu />
      </header>
      <main class="main" id="main" tabindex="-1">
        <Soon>{props.children}</Soon>
      </main>
      <Soon>
        <Show when={isPhone()}>
          <Dock pages={pages} />
        </Show>
      </Soon>
      <CommandPalette
        label={admin.palette.label}
        placeholder={admin.palette.placeholder}
        nothing={admin.palette.nothing}
        commands={commands}
        find={find}
        open={jumping()}
        onOpen={setJumping}
      />
      <MicrosoftOutcome where="admin" />
      <Messages />
    </div>
  )
}

function StaffMenu(): JSX.Element {
  const staff = useStaff()
  const leave = () => {
    signOut().then(
      () => {
        forgetDraftsOf(staff.person.id)
        window.location.assign('/')
      },
      () => say(admin.signOutFailed, { mood: 'bad' }),
    )
  }
  return (
    <div class="rail-me">
      <Menu
        buttonClass="rail-me-button"
        button={
          <>
            <Avatar name={staff.person.name} />
            <span class="rail-me-text">
              <b>{staff.person.name}</b>
              <span class="quiet">{admin.role[staff.person.role]}</span>
            </span>
            <span class="sr">, {common.yourAccount}</span>
          </>
        }
        note={staff.person.email}
        groups={[
          [
            { label: admin.profile, href: '/profile' },
            { label: ticketMails.title, href: '/profile#ticket-mails' },
            { label: admin.changePassword, href: '/profile#password' },
            { label: microsoft.title, href: '/profile#microsoft' },
            { label: admin.sessions, href: '/profile#sessions' },
          ],
          themeItems(),
          [{ label: common.signOut, onSelect: leave }],
        ]}
      />
    </div>
  )
}
