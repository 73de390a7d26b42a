import { html } from 'hono/html'
import type { Account } from '../cast.ts'
import { layout, type Html } from '../pages/layout.ts'
import type { ApplicationPermission } from './permissions.ts'

const ribbon = 'Microsoft sign-in (sandbox): a stand-in on this machine. Never type a real password here.'
const brand = html`<p class="brand">Microsoft sign-in (sandbox)</p>`

export function signInPage(view: {
  heading: string
  appName: string
  /** Where the form goes. */
  action: string
  account: string
  problem: string | undefined
  people: readonly Account[]
  /** Someone who is signed in already and may simply go on. */
  signedIn: Account | undefined
}): Html {
  const focus = view.signedIn !== undefined ? 'go-on' : view.account === '' ? 'account' : 'password'
  const body = html`${brand}
    <h1>${view.heading}</h1>
    <p class="quiet">to continue to <strong>${view.appName}</strong></p>
    ${view.problem === undefined ? '' : html`<p class="alarm" role="alert">${view.problem}</p>`}
    ${
      view.signedIn === undefined
        ? ''
        : html`<form method="post" action="${view.action}">
              <div class="people">
                <button class="strong" type="submit" name="do" value="go-on" autofocus>
                  Go on as ${view.signedIn.name} (${view.signedIn.email})
                </button>
              </div>
            </form>
            <h2>Or sign in as somebody else</h2>`
    }
    <form method="post" action="${view.action}" data-sign-in>
      <label for="account">Account</label>
      <input
        id="account"
        name="account"
        type="email"
        autocomplete="username"
        required
        value="${view.account}"
        ${focus === 'account' ? 'autofocus' : ''}
      />
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        ${focus === 'password' ? 'autofocus' : ''}
      />
      <div class="row">
        <button type="submit" class="strong" name="do" value="sign-in">Sign in</button>
        <button type="submit" name="do" value="cancel" formnovalidate>Cancel</button>
      </div>
    </form>
    ${peopleList('People you can be', view.people)}`
  return layout({ title: `${view.heading} – Microsoft sign-in (sandbox)`, body, ribbon })
}

/** Asks who is signing in where the tenant is not known yet. */
export function accountPage(view: {
  appName: string
  action: string
  problem: string | undefined
  tenants: readonly { name: string; accounts: readonly Account[] }[]
}): Html {
  const body = html`${brand}
    <h1>Sign in</h1>
    <p class="quiet">to continue to <strong>${view.appName}</strong></p>
    <p class="quiet">Which account? Its domain says which organisation it belongs to.</p>
    ${view.problem === undefined ? '' : html`<p class="alarm" role="alert">${view.problem}</p>`}
    <form method="post" action="${view.action}" data-sign-in>
      <label for="account">Account</label>
      <input id="account" name="account" type="email" autocomplete="username" required autofocus />
      <div class="row">
        <button type="submit" class="strong" name="do" value="sign-in">Next</button>
        <button type="submit" name="do" value="cancel" formnovalidate>Cancel</button>
      </div>
    </form>
    ${view.tenants.map((tenant) => peopleList(tenant.name, tenant.accounts))}`
  return layout({ title: 'Sign in – Microsoft sign-in (sandbox)', body, ribbon })
}

export function consentPage(view: { action: string; appName: string; account: Account }): Html {
  const body = html`${brand}
    <h1>${view.appName} would like to sign you in</h1>
    <p class="quiet">You are ${view.account.email}.</p>
    <ul class="permissions">
      <li><strong>Sign you in and read your profile</strong> Your name and your mail address.</li>
    </ul>
    <form method="post" action="${view.action}">
      <div class="row">
        <button type="submit" class="strong" name="do" value="accept" autofocus>Accept</button>
        <button type="submit" name="do" value="cancel">Cancel</button>
      </div>
    </form>`
  return layout({ title: 'Permissions requested – Microsoft sign-in (sandbox)', body, ribbon })
}

export function adminConsentPage(view: {
  action: string
  ticket: string
  appName: string
  publisher: string
  tenantName: string
  account: Account
  permissions: readonly ApplicationPermission[]
}): Html {
  const body = html`${brand}
    <h1>${view.appName} asks for permission in ${view.tenantName}</h1>
    <p class="quiet">Published by ${view.publisher}. You are ${view.account.email}, an administrator.</p>
    <p>If you accept, ${view.appName} may do this for everyone in ${view.tenantName}, without a person signed in:</p>
    <ul class="permissions">
      ${view.permissions.map((permission) => html`<li><strong>${permission.title}</strong> ${permission.words}</li>`)}
    </ul>
    <p class="quiet">It cannot change anything. You can take this back at any time.</p>
    <form method="post" action="${view.action}">
      <input type="hidden" name="ticket" value="${view.ticket}" />
      <div class="row">
        <button type="submit" class="strong" name="do" value="accept">Accept</button>
        <button type="submit" name="do" value="cancel">Cancel</button>
      </div>
    </form>`
  return layout({ title: 'Permissions requested – Microsoft sign-in (sandbox)', body, ribbon })
}

export function needsAdministratorPage(view: {
  action: string
  appName: string
  account: Account
  again: string
}): Html {
  const body = html`${brand}
    <h1>${view.appName} needs an administrator</h1>
    <p>
      ${view.account.email} may not give this permission: it concerns everyone in the organisation. Ask an administrator
      to open the same link.
    </p>
    <form method="post" action="${view.action}">
      <div class="row">
        <a class="button" href="${view.again}">Sign in as somebody else</a>
        <button type="submit" name="do" value="cancel">Back without giving permission</button>
      </div>
    </form>`
  return layout({ title: 'Needs an administrator – Microsoft sign-in (sandbox)', body, ribbon })
}

export function messagePage(heading: string, words: string): Html {
  const body = html`${brand}
    <h1>${heading}</h1>
    <p>${words}</p>`
  return layout({ title: `${heading} – Microsoft sign-in (sandbox)`, body, ribbon })
}

function peopleList(heading: string, people: readonly Account[]): Html {
  return html`<h2>${heading}</h2>
    <ul class="people">
      ${people.map(
        (person) =>
          html`<li>
            <button type="button" data-account="${person.email}" data-password="${person.password}">
              <span><strong>${person.name}</strong><small>${person.email}</small></span>
              ${person.isAdmin ? html`<span class="tag">Administrator</span>` : ''}
            </button>
          </li>`,
      )}
    </ul>`
}
