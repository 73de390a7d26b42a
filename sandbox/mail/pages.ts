import { html } from 'hono/html'
import { layout, type Html } from '../pages/layout.ts'
import type { Mail } from './inbox.ts'

export function inboxPage(mails: readonly Mail[], words: string): Html {
  const body = html`<p><a href="/">The sandbox</a></p>
    <h1>Inbox</h1>
    <p class="quiet">Every mail that was sent ends here; none leaves this machine.</p>
    <div class="bar">
      <form method="get" action="/inbox" role="search" class="grow">
        <label for="q">Search</label>
        <div class="field">
          <input id="q" name="q" type="search" value="${words}" placeholder="Name, address or words" />
          <button type="submit" class="strong">Search</button>
        </div>
      </form>
      <a class="button" href="/inbox">Refresh</a>
      <form method="post" action="/inbox/empty"><button type="submit">Empty the inbox</button></form>
    </div>
    ${
      mails.length === 0
        ? html`<p>${words === '' ? 'No mail yet. It appears here as soon as Portico sends one.' : 'No mail fits.'}</p>`
        : html`<ul class="mails">
            ${mails.map(
              (mail) =>
                html`<li>
                  <a href="/inbox/${mail.id}">
                    <strong class="who">${mail.subject === '' ? '(no subject)' : mail.subject}</strong>
                    <time class="quiet" datetime="${mail.receivedAt}">${clock(mail.receivedAt)}</time>
                    <span class="who">to ${mail.to.join(', ')}</span>
                    <small>${mail.from} — ${mail.text.slice(0, 200)}</small>
                  </a>
                </li>`,
            )}
          </ul>`
    }`
  return layout({ title: 'Inbox – sandbox', wide: true, body })
}

/** `answeredAt`: where Portico takes an answer to it; `answer`: what became of one that was just sent. */
export function mailPage(mail: Mail, answeredAt: string | undefined, answer: string | undefined): Html {
  const hasHtml = mail.html !== ''
  const body = html`<p><a href="/inbox">Inbox</a></p>
    <h1>${mail.subject === '' ? '(no subject)' : mail.subject}</h1>
    <dl>
      <dt>From</dt>
      <dd>${mail.from}</dd>
      <dt>To</dt>
      <dd>${mail.to.join(', ')}</dd>
      <dt>Arrived</dt>
      <dd><time datetime="${mail.receivedAt}">${clock(mail.receivedAt)}</time></dd>
      ${
        mail.attachments.length === 0
          ? ''
          : html`<dt>Attached</dt>
              <dd>${mail.attachments.map(({ name, byteCount }) => `${name} (${byteCount} bytes)`).join(', ')}</dd>`
      }
    </dl>
    <div role="tablist" aria-label="Parts of the mail">
      ${tab('html', 'Message', hasHtml, hasHtml)} ${tab('text', 'Text', !hasHtml, true)}
      ${tab('headers', 'Headers', false, true)} ${tab('raw', 'Source', false, true)}
    </div>
    ${
      hasHtml
        ? html`<div role="tabpanel" id="panel-html" aria-labelledby="tab-html">
            <iframe
              title="The mail as its reader sees it"
              src="/inbox/${mail.id}/html"
              sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
            ></iframe>
          </div>`
        : ''
    }
    <div role="tabpanel" id="panel-text" aria-labelledby="tab-text" ${hasHtml ? 'hidden' : ''}>
      <pre>${mail.text}</pre>
    </div>
    <div role="tabpanel" id="panel-headers" aria-labelledby="tab-headers" hidden>
      <dl>
        ${mail.headers.map(
          ({ name, value }) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
    </div>
    <div role="tabpanel" id="panel-raw" aria-labelledby="tab-raw" hidden><pre>${mail.raw}</pre></div>
    ${answeredAt === undefined ? '' : answerForm(mail, answer)}
    <h2>Links</h2>
    ${
      mail.links.length === 0
        ? html`<p class="quiet">None.</p>`
        : html`<ul>
            ${mail.links.map((link) => html`<li><a href="${link}" target="_blank" rel="noreferrer">${link}</a></li>`)}
          </ul>`
    }`
  return layout({ title: `${mail.subject} – sandbox`, wide: true, body })
}

function answerForm(mail: Mail, answer: string | undefined): Html {
  return html`<h2>Answer</h2>
    ${
      answer === undefined
        ? ''
        : html`<p role="status">
            ${answer === 'taken' ? 'The answer was sent.' : html`<strong>Not taken:</strong> ${answer}`}
          </p>`
    }
    <form method="post" action="/inbox/${mail.id}/answer">
      <label for="words">As ${mail.recipients[0] ?? ''}, above the quotation of this mail</label>
      <p><textarea id="words" name="words" rows="5" required></textarea></p>
      <button type="submit" class="strong">Send the answer</button>
    </form>`
}

/** The mail's own HTML with links opening beside the inbox; shown in a frame that runs no script. */
export function framedMail(mail: Mail): string {
  return `<!doctype html><base target="_blank">${mail.html}`
}

export const framePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:; font-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"

function tab(id: string, name: string, isChosen: boolean, isThere: boolean): Html | string {
  if (!isThere) return ''
  return html`<button
    type="button"
    role="tab"
    id="tab-${id}"
    aria-controls="panel-${id}"
    aria-selected="${String(isChosen)}"
    tabindex="${isChosen ? '0' : '-1'}"
  >
    ${name}
  </button>`
}

function clock(moment: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(moment))
}
