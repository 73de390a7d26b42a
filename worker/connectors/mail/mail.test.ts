import { describe, expect, it } from 'vitest'
import type { MailMessage } from '../mailer.ts'
import { mailFault } from './faults.ts'
import { readAddress, smtpMailer } from './index.ts'
import { isAddress, refuseUnsafe } from './message.ts'

const message: MailMessage = {
  messageId: '<0193f7@mail.portal.example>',
  from: { name: 'Fabrikam Dental', address: 'portal@mail.portal.example' },
  to: { name: 'Dana Whitfield', address: 'dana@fabrikamdental.example' },
  subject: 'Your request was answered',
  text: 'Hello.',
  html: '<p>Hello.</p>',
}

describe('a mail whose head could be forged', () => {
  const lineBreaks = ['\r\nBcc: all@x.example', '\nBcc: all@x.example', '\rBcc: all@x.example', '\u2028', '\u0000']
  it.each(lineBreaks)('is refused for a line break, %j', (tail) => {
    const forged: MailMessage[] = [
      { ...message, subject: `Hello${tail}` },
      { ...message, from: { ...message.from, name: `Fabrikam${tail}` } },
      { ...message, to: { ...message.to, name: `Dana${tail}` } },
      { ...message, to: { address: `dana@fabrikamdental.example${tail}` } },
      { ...message, from: { ...message.from, address: `portal@mail.portal.example${tail}` } },
      { ...message, messageId: `<a@b>${tail}` },
      { ...message, headers: { 'List-Id': `portal${tail}` } },
      { ...message, replyTo: `help@x.example${tail}` },
      { ...message, headers: { [`X-A${tail}`]: 'b' } },
    ]
    for (const one of forged) {
      expect(() => refuseUnsafe(one), JSON.stringify(one)).toThrow(expect.objectContaining({ kind: 'rejected' }))
    }
  })

  it.each(['Bcc', 'cc', 'TO', 'From', 'Subject', 'Content-Type', 'Message-ID'])(
    'is refused for a header %s beside its own',
    (name) => {
      expect(() => refuseUnsafe({ ...message, headers: { [name]: 'x' } })).toThrow(
        expect.objectContaining({ kind: 'rejected' }),
      )
    },
  )

  it('is sent with harmless headers and names in any script', () => {
    expect(() =>
      refuseUnsafe({
        ...message,
        to: { name: 'Zoë "Z" O’Neill, 田中', address: 'zoë@bücher.example' },
        headers: { 'Auto-Submitted': 'auto-generated' },
      }),
    ).not.toThrow()
  })

  it.each([
    ['dana@fabrikamdental.example', true],
    ['dana+portal@fabrikamdental.example', true],
    ["o'neill@x.example", true],
    ['a@x.example,b@x.example', false],
    ['a@x.example b@x.example', false],
    ['Dana <dana@x.example>', false],
    ['"a b"@x.example', false],
    ['group:a@x.example;', false],
    ['a@b@c', false],
    ['dana', false],
    ['@x.example', false],
    ['', false],
    [`${'a'.repeat(65)}@x.example`, false],
  ])('takes %s for an address: %s', (value, expected) => {
    expect(isAddress(value)).toBe(expected)
  })
})

describe('what a mail server says', () => {
  it.each([
    [{ code: 'ECONNECTION' }, 'down', 'reached'],
    [{ code: 'ESOCKET' }, 'down', 'reached'],
    [{ code: 'EDNS' }, 'down', 'reached'],
    [{ code: undefined }, 'down', 'reached'],
    [{ code: 'ETIMEDOUT' }, 'down', 'in time'],
    [{ code: 'EABORT' }, 'down', 'in time'],
    [{ code: 'ETLS' }, 'down', 'encrypted'],
    [{ code: 'ECONNECTION', replyCode: 421, reply: '421 4.3.2 closing' }, 'down', '(421 4.3.2)'],
    [{ code: 'EENVELOPE', replyCode: 451, reply: '451 greylisted' }, 'down', 'later'],
    [{ code: 'EAUTH', replyCode: 454, reply: '454 4.7.0 later' }, 'down', 'later'],
    [{ code: 'EAUTH', replyCode: 535, reply: '535 5.7.8 no' }, 'unauthorized', 'password'],
    [{ code: 'ENOAUTH' }, 'unauthorized', 'password'],
    [
      { code: 'EENVELOPE', replyCode: 550, reply: '550 5.1.1 <dana@x.example> unknown' },
      'rejected',
      'addresses. (550 5.1.1)',
    ],
    [{ code: 'EENVELOPE', replyCode: 550, reply: '550 no such user' }, 'rejected', 'recipient'],
    [{ code: 'EMESSAGE', replyCode: 550, reply: '550-5.7.1 spam' }, 'rejected', 'rules'],
    [{ code: 'EMESSAGE', replyCode: 552, reply: '552 5.3.4 too big' }, 'rejected', 'too large'],
    [{ code: 'EMESSAGE', replyCode: 554, reply: '554 no' }, 'rejected', 'refused the mail'],
    [{ code: 'EMESSAGE' }, 'rejected', 'form'],
  ])('%j means %s', (failure, kind, words) => {
    const fault = mailFault({ replyCode: undefined, reply: undefined, ...failure })
    expect(fault.kind).toBe(kind)
    expect(fault.message).toContain(words)
    expect(fault.message).not.toContain('dana@')
  })
})

describe('the address of a mail server', () => {
  it.each([
    ['smtp://127.0.0.1:2525', { host: '127.0.0.1', port: 2525, secure: false, requireTLS: false }],
    ['smtp://localhost:2525', { host: '127.0.0.1', port: 2525, secure: false, requireTLS: false }],
    ['smtp://[::1]:2525', { host: '::1', port: 2525, secure: false, requireTLS: false }],
    ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, requireTLS: false }],
    ['smtps://mail.example', { host: 'mail.example', port: 465, secure: true, requireTLS: false }],
    [
      'smtp://u:p@mail.example',
      { host: 'mail.example', port: 587, secure: false, requireTLS: true, auth: { user: 'u', pass: 'p' } },
    ],
    [
      'smtp://u:p@mail.example?tls=optional',
      { host: 'mail.example', port: 587, secure: false, requireTLS: false, auth: { user: 'u', pass: 'p' } },
    ],
    [
      'smtp://u%40x:p%2Fq@127.0.0.1:25',
      { host: '127.0.0.1', port: 25, secure: false, requireTLS: false, auth: { user: 'u@x', pass: 'p/q' } },
    ],
  ])('%s', (address, server) => {
    expect(readAddress(address)).toEqual(server)
  })

  it.each(['', 'mail.example', 'https://user:secret@mail.example', 'smtp://'])(
    'cannot be "%s", and the complaint keeps the password',
    (address) => {
      expect(() => smtpMailer(address)).toThrow(TypeError)
      expect(() => smtpMailer(address)).not.toThrow(/secret/)
    },
  )
})

it('tries again later when nobody listens', async () => {
  await expect(smtpMailer('smtp://127.0.0.1:1').send(message)).rejects.toMatchObject({ kind: 'down', vendor: 'Mail' })
})
