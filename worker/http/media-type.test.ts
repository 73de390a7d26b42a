import { describe, expect, it } from 'vitest'
import { downloadName, mediaTypeOf, opensInTab } from './media-type.ts'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

describe('What a file is', () => {
  it.each([
    ['a PDF', '%PDF-1.7\n%\xe2\xe3\xcf\xd3', 'application/pdf'],
    ['a PNG', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
    ['a JPEG', '\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
    ['an old GIF', 'GIF87a\x01\0\x01\0', 'image/gif'],
    ['a GIF', 'GIF89a\x01\0\x01\0', 'image/gif'],
    ['a WebP', 'RIFF\x24\0\0\0WEBPVP8 ', 'image/webp'],
    ['a WebP without a picture', 'RIFF\x24\0\0\0WEBPjunk', 'application/octet-stream'],
    ['a sound', 'RIFF\x24\0\0\0WAVEfmt ', 'application/octet-stream'],
    ['a web page', '<!doctype html><script>', 'application/octet-stream'],
    ['a web page after a space', ' <html><script>alert', 'application/octet-stream'],
    ['a picture that can run', '<svg xmlns="http://', 'application/octet-stream'],
    ['an XML file', '<?xml version="1.0"?>', 'application/octet-stream'],
    ['a web page with a PDF inside', '<html>%PDF-1.7', 'application/octet-stream'],
    ['a PDF after a line break', '\n%PDF-1.7', 'application/octet-stream'],
    ['a Word file', 'PK\x03\x04\x14\0\x06\0', 'application/octet-stream'],
    ['a program', 'MZ\x90\0\x03\0\0\0', 'application/octet-stream'],
    ['half a PNG signature', '\x89PNG', 'application/octet-stream'],
    ['nothing', '', 'application/octet-stream'],
  ])('is told by its bytes: %s', (_, head, expected) => {
    expect(mediaTypeOf(bytes(head))).toBe(expected)
    expect(opensInTab(mediaTypeOf(bytes(head)))).toBe(expected !== 'application/octet-stream')
  })

  it.each([
    ['Contract.pdf', 'application/pdf', 'Contract.pdf'],
    ['Contract.PDF', 'application/pdf', 'Contract.PDF'],
    ['Contract 2026', 'application/pdf', 'Contract 2026.pdf'],
    ['Rack v1.2', 'image/jpeg', 'Rack v1.2.jpg'],
    ['Rack.jpeg', 'image/jpeg', 'Rack.jpeg'],
    ['Prices.xlsx', 'application/octet-stream', 'Prices.xlsx'],
    ['page.pdf', 'application/octet-stream', 'page.pdf'],
  ] as const)('gives %s (%s) the ending it is saved with: %s', (name, mediaType, expected) => {
    expect(downloadName(name, mediaType)).toBe(expected)
  })
})
