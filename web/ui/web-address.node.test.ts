import assert from 'node:assert/strict'
import { it } from 'node:test'
import { webAddress } from './web-address.ts'

it('an address from elsewhere leads somewhere only when it is one of the web', () => {
  for (const url of ['https://psa.example/tickets/7', 'HTTP://psa.example/7?of=1#top'])
    assert.equal(webAddress(url), url)
  for (const url of [
    null,
    '',
    'psa.example/7',
    '/tickets/7',
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
  ])
    assert.equal(webAddress(url), undefined)
})
