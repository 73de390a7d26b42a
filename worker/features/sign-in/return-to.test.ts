import { describe, expect, it } from 'vitest'
import { ownPath } from './return-to.ts'

describe('Where a browser may go back to', () => {
  it.each([
    ['/', '/'],
    ['/documents', '/documents'],
    ['/documents?q=rack%20plan&page=2#top', '/documents?q=rack%20plan&page=2#top'],
    ['/a/../documents', '/documents'],
    ['/übersicht', '/%C3%BCbersicht'],
    ['/search?next=//evil.example', '/search?next=//evil.example'],
    ['/%2f%2fevil.example', '/%2f%2fevil.example'],
    ['/@evil.example', '/@evil.example'],
  ])('is the path %s', (text, path) => {
    expect(ownPath(text)).toBe(path)
  })

  it.each([
    ['nothing', ''],
    ['no path', 'documents'],
    ['an address', 'https://evil.example/'],
    ['an address without a scheme', '//evil.example'],
    ['one of three slashes', '///evil.example'],
    ['a slash and a backslash', '/\\evil.example'],
    ['two backslashes', '\\\\evil.example'],
    ['a backslash further on', '/documents\\..\\evil'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/html,hello'],
    ['a tab between slashes', '/\t/evil.example'],
    ['a line end between slashes', '/\n/evil.example'],
    ['a carriage return, as for another header', '/documents\r\nset-cookie: a=b'],
    ['a NUL', '/documents\u0000'],
    ['a space before it', ' /documents'],
    ['dots that leave two slashes', '/..//evil.example'],
    ['dots in other letters', '/%2e%2e//evil.example'],
    ['a dot that leaves two slashes', '/.//evil.example'],
    ['more than anybody reads', `/${'a'.repeat(1000)}`],
  ])('is not %s', (_, text) => {
    expect(ownPath(text)).toBeUndefined()
  })
})
