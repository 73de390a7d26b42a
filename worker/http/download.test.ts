import { describe, expect, it } from 'vitest'
import { contentDisposition, rangeOf, safeFileName } from './download.ts'

describe('The name a file is saved under', () => {
  it.each([
    ['Contract 2026.pdf', 'Contract 2026.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['..\\..\\boot.ini', '_.._boot.ini'],
    ['.htaccess', 'htaccess'],
    ['...', 'file'],
    ['', 'file'],
    ['a/b:c*d?e"f<g>h|i', 'a_b_c_d_e_f_g_h_i'],
    ['Say "hello".pdf', 'Say _hello_.pdf'],
    ['two\r\nlines: x.pdf', 'twolines_ x.pdf'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['\u200fעברית.pdf', 'עברית.pdf'],
    ['خطة التعافي.pdf', 'خطة التعافي.pdf'],
    ['Größe', 'Größe'],
    ['Gro\u0308ße', 'Größe'],
    ['👩‍🚀 plan.png', '👩‍🚀 plan.png'],
    ['half a pair \ud83d.pdf', 'half a pair.pdf'],
    ['nul.txt', '_nul.txt'],
    ['CON', '_CON'],
    ['console.txt', 'console.txt'],
    ['ends in dots. . .', 'ends in dots'],
  ])('%j is safe as %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected)
  })

  it('fits a disk and keeps its ending, whatever it is written in', () => {
    for (const letter of ['a', 'ß', '漢', '😀']) {
      const safe = safeFileName(`${letter.repeat(251 / letter.length)}.pdf`)
      expect(new TextEncoder().encode(safe).byteLength).toBeLessThanOrEqual(200)
      expect(safe.endsWith(`${letter}.pdf`)).toBe(true)
    }
  })

  it.each([
    ['Contract.pdf', `attachment; filename="Contract.pdf"; filename*=UTF-8''Contract.pdf`],
    ['100 %.pdf', `attachment; filename="100 _.pdf"; filename*=UTF-8''100%20%25.pdf`],
    [
      "Dana's (new) plan*.pdf",
      `attachment; filename="Dana's (new) plan_.pdf"; filename*=UTF-8''Dana%27s%20%28new%29%20plan_.pdf`,
    ],
    ['Größe.pdf', `attachment; filename="Gr__e.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf`],
    ['😀.pdf', `attachment; filename="_.pdf"; filename*=UTF-8''%F0%9F%98%80.pdf`],
    [
      'x"; filename="evil.exe',
      `attachment; filename="x_; filename=_evil.exe"; filename*=UTF-8''x_%3B%20filename%3D_evil.exe`,
    ],
  ])('%j is sent as ASCII and as UTF-8', (name, expected) => {
    expect(contentDisposition('attachment', name)).toBe(expected)
    expect(() => new Headers({ 'content-disposition': contentDisposition('inline', name) })).not.toThrow()
  })
})

describe('A part of a file', () => {
  it.each([
    [undefined, undefined],
    ['bytes=0-9', { offset: 0, length: 10 }],
    ['bytes=90-', { offset: 90, length: 10 }],
    ['bytes=90-500', { offset: 90, length: 10 }],
    ['bytes=-10', { offset: 90, length: 10 }],
    ['bytes=-500', { offset: 0, length: 100 }],
    ['bytes = 5 - 5', { offset: 5, length: 1 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-5', undefined],
    ['bytes=0-1,5-6', undefined],
    ['bytes=-', undefined],
    ['lines=1-2', undefined],
  ])('of 100 bytes, asked for as %j, is %j', (header, expected) => {
    expect(rangeOf(header, 100)).toEqual(expected)
  })
})
