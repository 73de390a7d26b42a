import { describe, expect, it } from 'vitest'
import { homepage } from './portals.schema.ts'

describe('A homepage', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'https:evil',
    '//evil.example',
    'https://user:pass@evil.example',
    'https://evil.example\\@good.example',
    'fabrikam',
  ])('is not %s', (text) => {
    expect(homepage.safeParse(text).success).toBe(false)
  })

  it('is kept as a browser reads it', () => {
    expect(homepage.parse(' HTTPS://Fabrikam.example/About us ')).toBe('https://fabrikam.example/About%20us')
  })
})
