import { describe, expect, it } from 'vitest'
import { isAutomatic } from './automatic.ts'

const dana = 'dana@fabrikam.example'
const head = (headers: Record<string, string> = {}, from = dana) => ({ from, headers: new Headers(headers) })

describe('A mail of a machine', () => {
  it.each<[string, Record<string, string>, string?]>([
    ['somebody who is away', { 'Auto-Submitted': 'auto-replied' }],
    ['a program', { 'Auto-Submitted': 'auto-generated; why=1' }],
    ['an old autoresponder', { Precedence: 'auto_reply' }],
    ['a mailing', { Precedence: 'bulk' }],
    ['a list', { 'List-Id': '<news.example>' }],
    ['Exchange, in its own words', { 'X-Auto-Response-Suppress': 'All', Subject: 'Automatic reply: The printer' }],
    [
      'Exchange, by a rule of a mailbox',
      { 'X-Auto-Response-Suppress': 'All', 'X-MS-Exchange-Inbox-Rules-Loop': 'dana@fabrikam.example' },
    ],
    [
      'Exchange, by itself',
      { 'X-Auto-Response-Suppress': 'DR, OOF, All', 'X-MS-Exchange-Generated-Message-Source': 'Mailbox Rules Agent' },
    ],
    [
      'Exchange, in French',
      { 'X-Auto-Response-Suppress': 'All', Subject: '=?utf-8?Q?R=C3=A9ponse_automatique_:_absent?=' },
    ],
    ['another autoresponder', { 'X-Autoreply': 'yes' }],
    ['one more', { 'X-Autorespond': 'I am away' }],
    ['a report that a mail did not arrive', { 'Content-Type': 'multipart/report; report-type=delivery-status' }],
    ['a server that says to whom', { 'X-Failed-Recipients': 'tom@fabrikam.example' }],
    ['nobody to be answered', {}, ''],
    ['nobody, in brackets', {}, '<>'],
    ['a mail server', {}, 'MAILER-DAEMON@mx.example'],
    ['a mail server, by its sender', { From: 'Mail Delivery System <mailer-daemon@mx.example>' }],
    ['a postmaster', {}, 'postmaster@mx.example'],
  ])('is known: of %s', (_, headers, from) => {
    expect(isAutomatic(head(headers, from ?? dana))).toBe(true)
  })

  it.each<[string, Record<string, string>, string?]>([
    ['with nothing about it', {}],
    ['that says that it is none', { 'Auto-Submitted': 'no' }],
    ['of first class', { Precedence: 'first-class' }],
    ['that a server may not report on', { 'X-Auto-Response-Suppress': 'DR' }],
    ['that nobody who is away is to answer, as Outlook writes it', { 'X-Auto-Response-Suppress': 'OOF' }],
    ['that no machine is to answer', { 'X-Auto-Response-Suppress': 'DR, RN, NRN, OOF, AutoReply' }],
    [
      'that nothing at all is to answer',
      { 'X-Auto-Response-Suppress': 'All', Subject: 'Re: [#1001] Automatic reply does not work' },
    ],
    ['about automatic answers', { Subject: 'Automatic reply does not work' }],
    ['of several parts', { 'Content-Type': 'multipart/mixed; boundary=x' }],
    ['of somebody whose name is like it', { From: 'Ann Postmaster <ann@fabrikam.example>' }],
  ])('is not a person’s mail %s', (_, headers, from) => {
    expect(isAutomatic(head(headers, from ?? dana))).toBe(false)
  })
})
