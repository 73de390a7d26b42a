import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createTransport } from 'nodemailer'
import { control, jsonOf, stage, type Json, type Stage } from '../testing.ts'

const invitation = {
  from: '"Northwind IT" <no-reply@northwind-it.example>',
  to: 'Dana Whitfield <dana@fabrikamdental.example>',
  subject: 'Your way into the portal – Grüße',
  text: 'Open http://fabrikam.localhost:8787/invitation?token=abc&x=1 to begin.',
  html: '<p>Hello</p><a href="http://fabrikam.localhost:8787/invitation?token=abc&amp;x=1">Begin</a><script>alert(1)</script>',
  messageId: '<one@northwind-it.example>',
  attachments: [{ filename: 'terms.txt', content: 'terms' }],
}

test('a mail that is sent is in the inbox with its links, for whom it was', async () => {
  await using sandbox = await stage()
  await send(sandbox, invitation)
  await send(sandbox, {
    ...invitation,
    to: 'tom@fabrikamdental.example',
    subject: 'Second',
    messageId: '<two@x.example>',
  })
  const [found, ...others] = await inbox(sandbox, '?to=DANA@fabrikamdental.example')
  assert.deepEqual(others, [])
  assert.equal(found?.['subject'], invitation.subject)
  assert.equal(found['messageId'], invitation.messageId)
  assert.equal(found['from'], 'Northwind IT <no-reply@northwind-it.example>')
  assert.deepEqual(found['links'], ['http://fabrikam.localhost:8787/invitation?token=abc&x=1'])
  assert.match(String(found['html']), /Begin/)
  assert.deepEqual(found['attachments'], [{ name: 'terms.txt', mediaType: 'text/plain', byteCount: 5 }])
  const newestFirst = await inbox(sandbox)
  assert.deepEqual(
    newestFirst.map((mail) => mail['subject']),
    ['Second', invitation.subject],
  )
})

test('mails outlive a restart and can be thrown away', async () => {
  const first = await stage()
  await send(first, invitation)
  await first.close()
  await using second = await stage({ stateFolder: first.stateFolder })
  assert.equal((await inbox(second)).length, 1)
  assert.equal((await fetch(`${second.http}/inbox.json`, { method: 'DELETE' })).status, 204)
  assert.deepEqual(await inbox(second), [])
})

test('the next mails are refused when that was asked for, and taken again afterwards', async () => {
  await using sandbox = await stage()
  await control(sandbox, '/smtp', { reject: 1, status: 550 })
  await assert.rejects(send(sandbox, invitation), { responseCode: 550 })
  await control(sandbox, '/smtp', { reject: 1, status: 421 })
  await assert.rejects(send(sandbox, invitation), { responseCode: 421 })
  await send(sandbox, invitation)
  assert.equal((await inbox(sandbox)).length, 1)
})

test('a mail is shown in a frame that can run no script', async () => {
  await using sandbox = await stage()
  await send(sandbox, invitation)
  const id = String((await inbox(sandbox))[0]?.['id'])
  const page = await (await fetch(`${sandbox.http}/inbox/${id}`)).text()
  assert.doesNotMatch(/sandbox="([^"]*)"/.exec(page)?.[1] ?? 'allow-scripts', /allow-scripts|allow-same-origin/)
  const frame = await fetch(`${sandbox.http}/inbox/${id}/html`)
  const policy = frame.headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /sandbox(?!.*allow-scripts)/)
  const found = await (await fetch(`${sandbox.http}/inbox?q=dana+portal`)).text()
  assert.match(found, /Your way into the portal/)
  assert.doesNotMatch(await (await fetch(`${sandbox.http}/inbox?q=nothing-like-it`)).text(), /Your way into/)
})

test('answers to Portico’s mails are handed to it, and whoever sends one is told what it says', async () => {
  const taken: { url: string; body: string }[] = []
  const portico = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      taken.push({ url: request.url ?? '', body })
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(body.includes('Please refuse') ? { rejectReason: 'Not from you.' } : {}))
    })
  })
  await new Promise<void>((resolve) => portico.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(portico.address() as AddressInfo).port}/cdn-cgi/local/email`
  try {
    await using sandbox = await stage({ replies: { domain: 'replies.example', url } })
    await send(sandbox, { ...invitation, replyTo: 'one.token@replies.example' })
    const id = String((await inbox(sandbox))[0]?.['id'])
    assert.match(await (await fetch(`${sandbox.http}/inbox/${id}`)).text(), /Send the answer/)
    const answer = (words: string) =>
      fetch(`${sandbox.http}/inbox/${id}/answer`, { method: 'POST', body: new URLSearchParams({ words }) })
    assert.match(await (await answer('It works.')).text(), /The answer was sent/)
    assert.match(await (await answer('Please refuse this.')).text(), /Not from you\./)
    assert.match(taken[0]?.url ?? '', /from=dana%40fabrikamdental\.example&to=one\.token%40replies\.example/)
    assert.match(
      taken[0]?.body ?? '',
      /^Authentication-Results: mx\.cloudflare\.net; .*spf=pass smtp\.mailfrom=dana@fabrikamdental\.example\r\n/,
    )
    assert.match(taken[0]?.body ?? '', /In-Reply-To: <one@northwind-it\.example>/)
    assert.match(taken[0]?.body ?? '', /^It works\.\r\n\r\nOn .+ wrote:\r\n> Open /m)
    await send(sandbox, {
      ...invitation,
      to: 'ONE.token@replies.example',
      text: 'By SMTP.',
      messageId: '<b@x.example>',
    })
    assert.match(taken.at(-1)?.body ?? '', /By SMTP\./)
    await assert.rejects(
      send(sandbox, { ...invitation, to: 'one.token@replies.example', text: 'Please refuse this.' }),
      { responseCode: 550 },
    )
    assert.equal((await inbox(sandbox)).length, 1)
  } finally {
    portico.close()
  }
})

async function send(sandbox: Stage, mail: object): Promise<void> {
  const transport = createTransport(`${sandbox.smtp}/?ignoreTLS=true`)
  try {
    await transport.sendMail(mail)
  } finally {
    transport.close()
  }
}

async function inbox(sandbox: Stage, query = ''): Promise<Json[]> {
  return (await jsonOf(await fetch(`${sandbox.http}/inbox.json${query}`)))['mails'] as Json[]
}
