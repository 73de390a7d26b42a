import { useLocation } from '@solidjs/router'
import { For, lazy, Show, Suspense, type JSX } from 'solid-js'
import { takesPasswords, type PortalBoot, type PortalPerson } from '../boot.ts'
import { Bell } from '../bell/bell.tsx'
import { MicrosoftOutcome } from '../session/microsoft-outcome.tsx'
import { signOut } from '../session/session.data.ts'
import { forgetDraftsOf } from '../tickets/draft.ts'
import { Avatar } from '../ui/badge.tsx'
import { check, clock, down, download, file, home, Icon, key, list, people, pulse, ticket } from '../ui/icon.tsx'
import { Dock, here, MorePages, type DockPage } from '../ui/dock.tsx'
import { Soon } from '../ui/in-turn.tsx'
import { createMediaMatch } from '../ui/media.ts'
import { Menu } from '../ui/menu.tsx'
import { Messages, say } from '../ui/messages.tsx'
import { SkipLink } from '../ui/skip.tsx'
import { themeItems } from '../ui/theme-menu.ts'
import { common } from '../words/common.ts'
import { words } from '../words/portal-home.ts'
import { reports } from '../words/reports.ts'
import { portalNews } from './bell.data.ts'
import { askAnew } from './home/home.data.ts'
import { HelpFooter } from './help.tsx'
import { Sign } from './sign.tsx'
import './shell.css'

// Only staff who view the portal as somebody ever see it.
const PreviewBanner = lazy(() => import('./preview.tsx'))

/** What a person can go to. */
const pagesOf = (boot: PortalBoot, person: PortalPerson): DockPage[] => [
  { href: '/', label: words.nav.home, icon: home },
  ...(person.canSee.includes('portal.tickets') ? [{ href: '/tickets', label: words.nav.tickets, icon: ticket }] : []),
  ...((['portal.requests', 'portal.approvals'] as const).some((may) => person.canSee.includes(may))
    ? [{ href: '/requests', label: words.nav.requests, icon: check }]
    : []),
  ...(person.canSee.includes('portal.people') ? [{ href: '/people', label: words.nav.people, icon: people }] : []),
  ...(boot.hasDirectory ? [{ href: '/directory', label: words.nav.directory, icon: list }] : []),
  ...(person.canSee.includes('portal.licences') ? [{ href: '/licences', label: words.nav.licences, icon: key }] : []),
  ...(boot.hasDocuments ? [{ href: '/documents', label: words.nav.documents, icon: file }] : []),
  ...(person.canSee.includes('portal.dashboard')
    ? [
        { href: '/changes', label: words.nav.changes, icon: clock },
        { href: '/health', label: words.nav.health, icon: pulse },
      ]
    : []),
  ...(person.canSee.includes('portal.reports') ? [{ href: '/reports', label: reports.title, icon: download }] : []),
]

/** So many stand in words on a narrow screen; the others are behind "More". As many as the style sheet leaves there. */
const besideMore = 5

export function Shell(props: { boot: PortalBoot; person: PortalPerson; children: JSX.Element }): JSX.Element {
  const location = useLocation()
  // Home, gone to from home, is read again.
  const pages = pagesOf(props.boot, props.person).map((page) =>
    page.href === '/' ? { ...page, onGo: () => location.pathname === '/' && askAnew() } : page,
  )
  // Only one of the two is in sight, at the top or at the bottom, so only that one is made.
  const isPhone = createMediaMatch('(max-width: 700px)')
  return (
    <div class="portal" classList={{ 'has-dock': pages.length > 1 }}>
      <SkipLink />
      <Show when={props.boot.preview}>
        {(preview) => (
          <Suspense>
            <PreviewBanner preview={preview()} />
          </Suspense>
        )}
      </Show>
      <header class="top">
        <div class="top-in">
          <Sign boot={props.boot} />
          <Show when={!isPhone()}>
            <nav class="nav" aria-label={common.main}>
              <For each={pages}>
                {(page) => (
                  <a href={page.href} aria-current={here(location.pathname, page)} onClick={() => page.onGo?.()}>
                    {page.label}
                  </a>
                )}
              </For>
              <Show when={pages.length > besideMore}>
                <MorePages pages={pages.slice(besideMore)} icon={down} iconLast />
              </Show>
            </nav>
          </Show>
          <div class="me">
            <Soon>
              <Show when={props.person.canSee.includes('portal.tickets')}>
                <Bell
                  of={portalNews(props.boot.customerId)}
                  unread={props.person.unread}
                  onlyLooking={props.boot.preview !== null}
                />
              </Show>
              <NameMenu
                person={props.person}
                isPreview={props.boot.preview !== null}
                takesPasswords={takesPasswords(props.boot)}
              />
            </Soon>
          </div>
        </div>
      </header>
      <main class="page" id="main" tabindex="-1">
        <Soon>{props.children}</Soon>
      </main>
      <Soon>
        <HelpFooter help={props.boot.help} />
        <Show when={isPhone() && pages.length > 1}>
          <Dock pages={pages} />
        </Show>
      </Soon>
      <MicrosoftOutcome where="portal" />
      <Messages />
    </div>
  )
}

function NameMenu(props: { person: PortalPerson; isPreview: boolean; takesPasswords: boolean }): JSX.Element {
  const leave = () => {
    signOut().then(
      () => {
        forgetDraftsOf(props.person.id)
        location.assign('/')
      },
      () => say(words.signOutFailed, { mood: 'bad' }),
    )
  }
  return (
    <Menu
      buttonClass="me-button"
      button={
        <>
          <Avatar name={props.person.name} />
          <span class="me-name">{props.person.name}</span>
          <span class="sr">, {common.yourAccount}</span>
          <Icon of={down} />
        </>
      }
      note={
        <>
          {props.person.email}
          <br />
          {words.role(props.person.roles)}
        </>
      }
      groups={
        props.isPreview
          ? [themeItems()]
          : [
              [
                ...(props.takesPasswords ? [{ label: words.changePassword, href: '/account/password' }] : []),
                { label: words.microsoftAccount, href: '/account/microsoft' },
                { label: words.sessions, href: '/account/sessions' },
                ...(props.person.canSee.includes('portal.tickets')
                  ? [{ label: words.ticketMails, href: '/account/ticket-mails' }]
                  : []),
              ],
              themeItems(),
              [{ label: common.signOut, onSelect: leave }],
            ]
      }
      side="end"
    />
  )
}
