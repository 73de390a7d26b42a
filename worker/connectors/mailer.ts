/** Hands one mail to a mail server. Every failure is a ConnectorFault: `down` is worth another try, anything else is not. */
export interface Mailer {
  /** Answers the codes of the server's own reply, such as `250 2.0.0`. */
  send(message: MailMessage): Promise<{ reply: string }>
}

export type MailMessage = {
  /**
   * Such as `<01jd…@mail.example>`, made before the first try and kept for all of them: a server that took the mail just before
   * the connection broke gets it twice, and receivers know it again by this.
   */
  messageId: string
  from: { name: string; address: string }
  to: { name?: string; address: string }
  /** The address that answers go to, where it is not the sender's. */
  replyTo?: string
  subject: string
  text: string
  html: string
  /** Besides the ones above, such as `Auto-Submitted`. */
  headers?: Record<string, string>
}
