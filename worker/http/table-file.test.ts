import { readXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { pagesOf, slugOf, tableFile, tableFormats } from './table-file.ts'
import type { Cell } from './cells.ts'

const table = {
  title: 'Things',
  fileName: 'things',
  columns: ['Name', 'Count', 'Note'].map((title) => ({ title, width: 12 })),
}

/** Pages as a reader of a database would give them, and what was asked of it. */
const newSource = (pages: Cell[][][]) => {
  const seen = { read: 0, closed: false }
  async function* given(): AsyncGenerator<Cell[][], void> {
    try {
      for (const page of pages) {
        seen.read += 1
        yield await Promise.resolve(page)
      }
    } finally {
      seen.closed = true
    }
  }
  return { seen, pages: given() }
}

const difficult: Cell[][] = [
  ['=cmd|/C calc!A0', 1, "'=1"],
  ['Müller & Söhne <GmbH>', 0, 'one\r\ntwo\nthree'],
  ['شركة الأسنان', 12.5, 'she said "no", twice'],
  ['👩‍👩‍👧 Zähne', -3, null],
]

describe('A table as CSV', () => {
  const textOf = async (pages: Cell[][][]) => {
    const answer = await tableFile('csv', table, newSource(pages).pages)
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await answer.arrayBuffer())
  }

  it('is UTF-8 with its mark, and quoted as RFC 4180 says', async () => {
    expect(await textOf([difficult.slice(0, 2), [], difficult.slice(2)])).toBe(
      '\ufeffName,Count,Note\r\n' +
        "'=cmd|/C calc!A0,1,''=1\r\n" +
        'Müller & Söhne <GmbH>,0,"one\r\ntwo\nthree"\r\n' +
        'شركة الأسنان,12.5,"she said ""no"", twice"\r\n' +
        '👩‍👩‍👧 Zähne,-3,\r\n',
    )
  })

  it('has its heads when there is nothing else', async () => {
    expect(await textOf([])).toBe('\ufeffName,Count,Note\r\n')
  })
})

describe('A table as a workbook', () => {
  const workbookOf = async (pages: Cell[][][]) => {
    const answer = await tableFile('xlsx', table, newSource(pages).pages)
    return new Uint8Array(await answer.arrayBuffer())
  }

  it('holds texts as texts, however much they look like formulas, and numbers as numbers', async () => {
    const [sheet, ...more] = (await readXlsx(await workbookOf([difficult]))).sheets
    expect(more).toEqual([])
    expect(sheet?.name).toBe('Things')
    const values = sheet?.rows.map((row) => [0, 1, 2].map((column) => row[column] ?? null))
    expect(values).toEqual([['Name', 'Count', 'Note'], ...difficult])
  })

  it('shows amounts of money with the decimals of their currency, and keeps them as numbers', async () => {
    const columns = [2, 0, undefined].map((decimals) => ({
      title: `${decimals}`,
      width: 9,
      ...(decimals === undefined ? {} : { decimals }),
    }))
    const { pages } = newSource([[[1234.5, 1234, 1234.567]]])
    const answer = await tableFile('xlsx', { ...table, columns }, pages)
    const [sheet] = (await readXlsx(new Uint8Array(await answer.arrayBuffer()), { readStyles: true })).sheets
    expect(sheet?.rows[1]).toEqual([1234.5, 1234, 1234.567])
    const formats = [0, 1, 2].map((column) => sheet?.cells?.get(`1,${column}`)?.style?.numFmt)
    expect(formats).toEqual(['#,##0.00', '#,##0', undefined])
  })

  it('is a ZIP of well-formed XML without a formula', async () => {
    const parts = await partsOf(await workbookOf([difficult]))
    expect([...parts.keys()].toSorted()).toEqual(expect.arrayContaining(['[Content_Types].xml', 'xl/workbook.xml']))
    for (const [name, text] of parts) expect(misnestedIn(text), name).toBeUndefined()
    expect(parts.get('xl/worksheets/sheet1.xml')).not.toMatch(/<f[ >]/)
  })
})

describe.each(tableFormats)('A table as %s', (format) => {
  const endless = () =>
    Array.from({ length: 500 }, () => Array.from({ length: 200 }, () => [crypto.randomUUID(), 1, null]))

  it('is read no further than it is taken, and let go of when its reader stops half-way', async () => {
    const { seen, pages } = newSource(endless())
    const { body } = await tableFile(format, table, pages)
    const reader = body?.getReader()
    while (seen.read === 0) await reader?.read()
    expect(seen.read).toBeLessThan(100)
    await reader?.cancel()
    expect(seen.closed).toBe(true)
  })

  it('breaks off when it can be read no further', async () => {
    async function* failing(): AsyncGenerator<Cell[][], void> {
      yield await Promise.resolve([['one', 1, null]])
      throw new Error('The database is gone.')
    }
    const answer = await tableFile(format, table, failing())
    await expect(answer.arrayBuffer()).rejects.toThrow()
  })

  it('gives each row of each page', async () => {
    const answer = await tableFile(
      format,
      table,
      pagesOf(newRows(), (row) => [row, 1, null]),
    )
    const bytes = await answer.arrayBuffer()
    const names =
      format === 'csv'
        ? new TextDecoder()
            .decode(bytes)
            .split('\r\n')
            .slice(1, -1)
            .map((line) => line.split(',')[0])
        : (await readXlsx(new Uint8Array(bytes))).sheets[0]?.rows.slice(1).map((row) => row[0])
    expect(names).toEqual(['a', 'b', 'c'])
  })
})

async function* newRows(): AsyncGenerator<string[], void> {
  yield await Promise.resolve(['a', 'b'])
  yield ['c']
}

describe('A name within a file’s name', () => {
  it.each([
    ['Northwind IT', 'northwind-it'],
    ['Müller & Söhne GmbH', 'müller-söhne-gmbh'],
    ['../../etc', 'etc'],
    ['株式会社', '株式会社'],
    ['!!!', 'export'],
  ])('%j is %j', (name, slug) => expect(slugOf(name)).toBe(slug))
})

/** The parts of a ZIP by its central directory, unpacked. */
const partsOf = async (zip: Uint8Array<ArrayBuffer>): Promise<Map<string, string>> => {
  const view = new DataView(zip.buffer, zip.byteOffset)
  const parts = new Map<string, string>()
  let end = zip.length - 22
  while (view.getUint32(end, true) !== 0x06054b50) end -= 1
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const [method, packed] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)]
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true))
    const local = view.getUint32(at + 42, true)
    const name = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + (nameLength ?? 0)))
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    const data = new Blob([zip.slice(start, start + packed)])
    const plain = method === 0 ? data.stream() : data.stream().pipeThrough(new DecompressionStream('deflate-raw'))
    parts.set(name, await new Response(plain).text())
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return parts
}

/** The first tag that is closed out of turn or never, or a bare ampersand; undefined for well-formed XML. */
const misnestedIn = (xml: string): string | undefined => {
  const open: string[] = []
  for (const [whole, closes, name = '', rest] of xml.matchAll(/<(\/?)([\w:]+)([^>]*)>/g)) {
    if (closes === '/') {
      if (open.pop() !== name) return whole
    } else if (rest?.endsWith('/') !== true) open.push(name)
  }
  return open.at(-1) ?? /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.exec(xml)?.[0]
}
