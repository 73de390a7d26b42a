import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime, { type Address } from 'postal-mime'
import { readJson, writeAtomically } from '../state.ts'

export type Mail = {
  id: string
  receivedAt: string
  /** Who the envelope was for; `to` is what the message itself says. */
  recipients: string[]
  from: string
  to: string[]
  subject: string
  messageId: string
  text: string
  html: string
  headers: { name: string; value: string }[]
  links: string[]
  attachments: { name: string; mediaType: string; byteCount: number }[]
  raw: string
}

const mailCountMax = 500

/** Mails that arrived, newest first; one file each, the oldest are thrown away beyond 500. */
export class Inbox {
  readonly #folder: string
  #mails: Mail[]
  #count = 0

  private constructor(folder: string, mails: Mail[]) {
    this.#folder = folder
    this.#mails = mails
  }

  static async open(stateFolder: string): Promise<Inbox> {
    const folder = join(stateFolder, 'mail')
    await mkdir(folder, { recursive: true })
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
    const mails = await Promise.all(names.map((name) => readJson<Mail>(join(folder, name))))
    const found = mails.filter((mail) => mail !== undefined)
    return new Inbox(
      folder,
      found.toSorted((left, right) => (left.id < right.id ? 1 : -1)),
    )
  }

  async receive(raw: Uint8Array, recipients: string[], receivedAt: Date): Promise<Mail> {
    const parsed = await PostalMime.parse(raw)
    const html = parsed.html ?? ''
    const text = parsed.text ?? ''
    const mail: Mail = {
      id: this.#nextId(receivedAt),
      receivedAt: receivedAt.toISOString(),
      recipients,
      from: parsed.from === undefined ? '' : addressText(parsed.from),
      to: (parsed.to ?? []).map((address) => addressText(address)),
      subject: parsed.subject ?? '',
      messageId: parsed.messageId ?? '',
      text,
      html,
      headers: parsed.headers.map(({ key, value }) => ({ name: key, value })),
      links: linksIn(html, text),
      attachments: parsed.attachments.map((attachment) => ({
        name: attachment.filename ?? 'without a name',
        mediaType: attachment.mimeType,
        byteCount: typeof attachment.content === 'string' ? attachment.content.length : attachment.content.byteLength,
      })),
      raw: new TextDecoder().decode(raw),
    }
    this.#mails.unshift(mail)
    await writeAtomically(this.#path(mail.id), JSON.stringify(mail))
    const surplus = this.#mails.splice(mailCountMax)
    await Promise.all(surplus.map((old) => rm(this.#path(old.id), { force: true })))
    return mail
  }

  /** Mails for an address (part of it is enough) whose sender, recipient, subject or text contain the words. */
  list({ to, words }: { to?: string | undefined; words?: string | undefined }): Mail[] {
    return this.#mails.filter((mail) => isFor(mail, to) && contains(mail, words))
  }

  find(id: string): Mail | undefined {
    return this.#mails.find((mail) => mail.id === id)
  }

  async empty(): Promise<void> {
    const mails = this.#mails
    this.#mails = []
    await Promise.all(mails.map((mail) => rm(this.#path(mail.id), { force: true })))
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`)
  }

  /** Ids sort by arrival, also within one millisecond. */
  #nextId(receivedAt: Date): string {
    this.#count += 1
    return `${String(receivedAt.getTime()).padStart(15, '0')}-${String(this.#count % 1_000_000).padStart(6, '0')}`
  }
}

function addressText(address: Address): string {
  if (address.address === undefined || address.address === '') return address.name
  return address.name === '' ? address.address : `${address.name} <${address.address}>`
}

function isFor(mail: Mail, to: string | undefined): boolean {
  if (to === undefined || to === '') return true
  const wanted = to.toLowerCase()
  return [...mail.recipients, ...mail.to].some((address) => address.toLowerCase().includes(wanted))
}

function contains(mail: Mail, words: string | undefined): boolean {
  const haystack = [mail.subject, mail.from, mail.text, ...mail.to, ...mail.recipients].join('\n').toLowerCase()
  return (words ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word))
}

/** Addresses a reader could follow, in the order they appear: those of the HTML part, then those of the text. */
function linksIn(html: string, text: string): string[] {
  const inHtml = [...html.matchAll(/\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map((match) => match[1] ?? match[2] ?? '')
  const inText = [...text.matchAll(/https?:\/\/[^\s<>"')\]]+/g)].map((match) => match[0])
  const links = [...inHtml.map(unescapeHtml), ...inText].filter((link) => /^https?:/i.test(link))
  return [...new Set(links)]
}

function unescapeHtml(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&#x3D;', '=')
}
