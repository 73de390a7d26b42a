import { request as askPlain } from 'node:http'
import { request as askSealed } from 'node:https'
import { createTransport } from 'nodemailer'
import type { Mail } from './inbox.ts'

/** Where answers to Portico's mails go: whatever is for the domain is handed to what answers at the address, as Email Routing does. */
export type RepliesOptions = { domain: string; url: string }

/** Why a mail was not taken, in the words its sender is told; undefined when it was. */
type Refusal = string | undefined

/** Email Routing as far as Portico needs it: hands mails for one domain to the Worker, and says what it answers. */
export class Replies {
  readonly #options: RepliesOptions | undefined

  constructor(options: RepliesOptions | undefined) {
    this.#options = options
  }

  takes(address: string): boolean {
    return this.#options !== undefined && address.toLowerCase().endsWith(`@${this.#options.domain}`)
  }

  /** The address that a mail is answered at, if Portico takes its answer. */
  addressOf(mail: Mail): string | undefined {
    const text = mail.headers.find(({ name }) => name === 'reply-to')?.value ?? ''
    const address = /<([^>]+)>/.exec(text)?.[1] ?? text.trim()
    return this.takes(address) ? address : undefined
  }

  /** Hands a mail over, with what such a server finds of its sender above it: in this world everybody sends from their own. */
  async hand(raw: Uint8Array, from: string, to: string): Promise<Refusal> {
    const { url = '' } = this.#options ?? {}
    const found = `Authentication-Results: mx.cloudflare.net; dmarc=none; spf=pass smtp.mailfrom=${from}\r\n`
    const { status, text } = await post(
      `${url}?${new URLSearchParams({ from, to, format: 'json' }).toString()}`,
      Buffer.concat([Buffer.from(found), raw]),
    )
    if (status !== 200) return `Portico did not take it (${status}): ${text.slice(0, 300)}`
    const { rejectReason } = JSON.parse(text) as { rejectReason?: string }
    return rejectReason
  }

  /** Answers a mail as whoever got it would, with what they write above the quotation of it. */
  async answer(mail: Mail, words: string, at: Date): Promise<Refusal> {
    const to = this.addressOf(mail)
    const [from] = mail.recipients
    if (to === undefined || from === undefined) return 'This mail is answered to nobody that Portico knows.'
    const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(
      new Date(mail.receivedAt),
    )
    const quoted = mail.text
      .trim()
      .split('\n')
      .map((line) => `> ${line}`.trimEnd())
      .join('\n')
    const composed = await createTransport({ streamTransport: true, buffer: true, newline: 'windows' }).sendMail({
      from,
      to,
      date: at,
      subject: /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`,
      inReplyTo: mail.messageId,
      references: [mail.headers.find(({ name }) => name === 'references')?.value ?? '', mail.messageId]
        .join(' ')
        .trim(),
      text: `${words}\n\nOn ${clock}, ${mail.from} wrote:\n${quoted}\n`,
    })
    return this.hand(composed.message as Buffer, from, to)
  }
}

/** Not fetch(): a Worker on this machine may answer with a certificate of its own making. */
const post = (url: string, body: Uint8Array): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const ask = url.startsWith('https:') ? askSealed : askPlain
    const headers = { 'content-type': 'message/rfc822', 'content-length': String(body.byteLength) }
    const request = ask(url, { method: 'POST', headers, rejectUnauthorized: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
    })
    request.on('error', reject)
    request.end(body)
  })
