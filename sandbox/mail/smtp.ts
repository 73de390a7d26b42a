import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import type { Inbox } from './inbox.ts'
import type { Replies } from './replies.ts'

export type Refusals = { times: number; status: number }

/** A mail server that takes everything for everybody, unless it was told to refuse the next few; answers it hands to Portico. */
export class MailServer {
  readonly #server: SMTPServer
  #refusals: Refusals = { times: 0, status: 550 }

  constructor(inbox: Inbox, replies: Replies, now: () => Date) {
    this.#server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      hideSTARTTLS: true,
      size: 26_214_400,
      logger: false,
      onAuth: (auth, _session, callback) => {
        callback(null, { user: auth.username ?? 'anybody' })
      },
      onData: (stream, session, callback) => {
        const recipients = session.envelope.rcptTo.map((recipient) => recipient.address)
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address
        this.#receive({ inbox, replies }, stream, from, recipients, now()).then(
          (what) => callback(null, what),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
        )
      },
    })
    this.#server.on('error', () => undefined)
  }

  /** Starts to listen on 127.0.0.1 and answers the port; 0 lets the system choose. */
  async listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const listener = this.#server.listen(port, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port))
      listener.once('error', reject)
    })
  }

  get refusals(): Refusals {
    return { ...this.#refusals }
  }

  /** Refuses the next mails, or none any more with 0. */
  refuse(refusals: Refusals): void {
    this.#refusals = { ...refusals }
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #receive(
    { inbox, replies }: { inbox: Inbox; replies: Replies },
    stream: SMTPServerDataStream,
    from: string,
    recipients: string[],
    now: Date,
  ): Promise<string> {
    const chunks: Buffer[] = []
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
    if (this.#refusals.times > 0) {
      this.#refusals.times -= 1
      const { status } = this.#refusals
      const words = status < 500 ? 'Try again later' : 'Mailbox unavailable'
      throw Object.assign(new Error(words), { responseCode: status })
    }
    const raw = Buffer.concat(chunks)
    const others = recipients.filter((address) => !replies.takes(address))
    for (const address of recipients.filter((each) => replies.takes(each))) {
      const refused = await replies.hand(raw, from, address)
      if (refused !== undefined) throw Object.assign(new Error(refused), { responseCode: 550 })
    }
    if (others.length === 0) return 'handed on'
    return `kept as ${(await inbox.receive(raw, others, now)).id}`
  }
}
