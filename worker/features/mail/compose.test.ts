import { describe, expect, it } from 'vitest'
import { refuseUnsafe } from '../../connectors/mail/message.ts'
import { composeMail } from './compose.ts'

const letter = {
  id: 'job1',
  brand: { displayName: 'Fabrikam', primaryColour: '#123456', onPrimaryColour: '#ffffff' },
  helpLine: 'Help from Northwind',
  from: { name: 'Northwind', address: 'help@northwind.example' },
  to: { address: 'dana@fabrikam.example' },
  subject: 'An answer',
  content: { heading: 'Hello', paragraphs: ['Your printer works again.'], footer: ['You follow this ticket.'] },
}

describe('a mail', () => {
  it('carries an id of its sender’s domain, its words as text and as a page, and no header nobody asked for', () => {
    const { messageId, text, html, ...rest } = composeMail(letter)

    expect(messageId).toBe('<job1@northwind.example>')
    expect(text).toContain('Your printer works again.')
    expect(html).toContain('Your printer works again.')
    expect(rest).toEqual({ from: letter.from, to: letter.to, subject: 'An answer' })
  })

  it('answers the mail it is told of, in its thread, under the id that is given and with where answers go', () => {
    const message = composeMail({
      ...letter,
      id: { messageId: '<ticket-7.2@replies.example>' },
      replyTo: 'ticket+7@replies.example',
      inReplyTo: '<ticket-7.1@replies.example>',
      references: ['<ticket-7.0@replies.example>', '<ticket-7.1@replies.example>'],
      headers: { 'Auto-Submitted': 'auto-generated' },
    })

    expect(message).toMatchObject({
      messageId: '<ticket-7.2@replies.example>',
      replyTo: 'ticket+7@replies.example',
      headers: {
        'In-Reply-To': '<ticket-7.1@replies.example>',
        References: '<ticket-7.0@replies.example> <ticket-7.1@replies.example>',
        'Auto-Submitted': 'auto-generated',
      },
    })
    expect(() => {
      refuseUnsafe(message)
    }).not.toThrow()
  })
})
