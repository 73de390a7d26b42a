import { html } from 'hono/html'
import { customHostnameTarget } from '../dns/dns.ts'
import { layout, type Html } from '../pages/layout.ts'
import type { Description, TenantDescription } from './control.ts'

/** Everything that can be switched, for people. Programs use the JSON addresses beside it. */
export function controlPage(state: Description): Html {
  const body = html`<p><a href="/">The sandbox</a></p>
    <h1>Control</h1>
    <p class="quiet">
      ${state.requestCount} requests to Graph and the token endpoint so far (<a href="/control/requests">counts</a>,
      <a href="/control/state">everything as JSON</a>).
    </p>
    <form method="post" action="/control/form" class="buttons">
      <button name="do" value="throttle">Throttle the next 5 Graph requests</button>
      <button name="do" value="break">Fail the next 5 Graph requests</button>
      <button name="do" value="refuse-mail">Refuse the next mail</button>
      <button name="do" value="clear-faults">Behave again</button>
      <button name="do" value="reset">Start over</button>
    </form>
    <h2>What will go wrong</h2>
    ${
      state.faults.length === 0 && state.smtpRefusals.times === 0
        ? html`<p class="quiet">Nothing.</p>`
        : html`<ul>
            ${state.faults.map(
              (fault) =>
                html`<li>
                  ${fault.kind === 'status' ? `Status ${fault.status}` : fault.kind} for the next ${fault.times}
                  requests with “${fault.match}”
                </li>`,
            )}
            ${
              state.smtpRefusals.times === 0
                ? ''
                : html`<li>Status ${state.smtpRefusals.status} for the next ${state.smtpRefusals.times} mails</li>`
            }
          </ul>`
    }
    <h2>Names</h2>
    <p class="quiet">
      What the DNS says, and what Cloudflare was told of. Portals’ own host names are to be a CNAME of
      <code>${customHostnameTarget}</code>.
    </p>
    <form method="post" action="/control/form" class="buttons">
      <label>Name <input name="name" required /></label>
      <label
        >Type
        <select name="type">
          <option>CNAME</option>
          <option>TXT</option>
          <option>A</option>
        </select></label
      >
      <label>Value (none takes it away) <input name="value" /></label>
      <button name="do" value="set-dns">Set record</button>
    </form>
    ${
      state.dnsRecords.length === 0
        ? html`<p class="quiet">No records.</p>`
        : html`<ul>
            ${state.dnsRecords.map(
              ({ name, type, values }) => html`<li><code>${name} ${type} ${values.join(' · ')}</code></li>`,
            )}
          </ul>`
    }
    ${state.customHostnames.map(
      (one) =>
        html`<form method="post" action="/control/form" class="buttons">
          <input type="hidden" name="hostname" value="${one.hostname}" />
          <code>${one.hostname}</code>
          <label>Status <input name="status" value="${one.status ?? ''}" placeholder="by the DNS" /></label>
          <label>Certificate <input name="sslStatus" value="${one.sslStatus ?? ''}" placeholder="by the DNS" /></label>
          <button name="do" value="set-hostname">Set</button>
        </form>`,
    )}
    <h2>Tenants</h2>
    ${state.tenants.map((tenant) => tenantSection(tenant))}`
  return layout({ title: 'Control – sandbox', wide: true, body })
}

/** The way in: where things are, and who can sign in. */
export function indexPage(state: Description): Html {
  const body = html`<h1>The outside world, on this machine</h1>
    <p class="quiet">Portico speaks to these as it would to the real ones.</p>
    <ul>
      <li><a href="/inbox">Inbox</a>: every mail that was sent (${state.mailCount})</li>
      <li><a href="/control">Control</a>: throttle, break, withdraw consent, change people</li>
      <li>Graph at <code>${state.http}/graph/v1.0</code></li>
      <li>Microsoft sign-in at <code>${state.http}/entra</code></li>
      <li>
        Custom hostnames at <code>${state.http}/cloudflare/client/v4</code>, the DNS at
        <code>${state.http}/dns-query</code>
      </li>
      <li>Mail server at <code>${state.smtp}</code></li>
    </ul>
    <h2>App registrations</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="App registrations">
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>Application (client) ID</th>
            <th>Directory (tenant) ID</th>
            <th>Secrets, by value</th>
          </tr>
        </thead>
        <tbody>
          ${state.apps.map(
            (app) =>
              html`<tr>
                <td>${app.appName}</td>
                <td><code>${app.clientId}</code></td>
                <td>${app.directoryId === null ? '' : html`<code>${app.directoryId}</code>`}</td>
                <td>
                  ${app.secrets.map(
                    ({ value, expired }) =>
                      html`<div><code>${value}</code>${expired ? html` <span class="tag">Expired</span>` : ''}</div>`,
                  )}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <h2>Microsoft tenants and who can sign in</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Tenants and accounts">
      <table>
        <thead>
          <tr>
            <th>Tenant</th>
            <th>People</th>
            <th>Consent</th>
            <th>Account</th>
            <th>Password</th>
          </tr>
        </thead>
        <tbody>
          ${state.tenants.flatMap((tenant) =>
            tenant.accounts.map(
              (account, index) =>
                html`<tr>
                  <td>${index === 0 ? html`${tenant.name}<br /><small>${tenant.tenantId}</small>` : ''}</td>
                  <td>${index === 0 ? tenant.userCount : ''}</td>
                  <td>${index === 0 ? (tenant.consentedClientIds.length > 0 ? 'given' : 'not given') : ''}</td>
                  <td>${account.email}${account.isAdmin ? html` <span class="tag">Administrator</span>` : ''}</td>
                  <td><code>${account.password}</code></td>
                </tr>`,
            ),
          )}
        </tbody>
      </table>
    </div>`
  return layout({ title: 'Sandbox', wide: true, body })
}

function tenantSection(tenant: TenantDescription): Html {
  return html`<section aria-label="${tenant.name}">
    <h3>${tenant.name}</h3>
    <p class="quiet">
      ${tenant.domain} · ${tenant.tenantId} · ${tenant.userCount} people, ${tenant.changeCount} changes since · consent
      ${tenant.consentedClientIds.length > 0 ? `given to ${tenant.consentedClientIds.length} app(s)` : 'not given'}
    </p>
    <form method="post" action="/control/form" class="buttons">
      <input type="hidden" name="tenantId" value="${tenant.tenantId}" />
      ${
        tenant.consentedClientIds.length > 0
          ? html`<button name="do" value="withdraw">Withdraw consent</button>`
          : html`<button name="do" value="grant">Give consent</button>`
      }
      <button name="do" value="expire">Expire delta tokens</button>
      <button name="do" value="add">Add a person</button>
      <button name="do" value="remove">Remove a person</button>
      <button name="do" value="degrade">Degrade Exchange</button>
      <button name="do" value="mend">Mend Exchange</button>
      <button name="do" value="alert">Raise an alert</button>
    </form>
  </section>`
}
