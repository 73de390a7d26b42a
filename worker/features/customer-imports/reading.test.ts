import { describe, expect, it } from 'vitest'
import { csvLines } from '../../http/cells.ts'
import { guessColumns } from './columns.ts'
import { decode, foundInstead } from './decode.ts'
import { CELL_LENGTH_MAX, delimiterOf, readCsv, readHead, restored, ROW_COUNT_MAX } from './read-csv.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const bytes = (...values: number[]) => Uint8Array.from(values)
const utf16 = (text: string, order: 'LE' | 'BE') =>
  Uint8Array.from(
    [...Array(text.length).keys()].flatMap((at) => {
      const unit = text.charCodeAt(at)
      return order === 'LE' ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255]
    }),
  )
const latin1 = (text: string) => Uint8Array.from(Array.from(text, (letter) => letter.charCodeAt(0)))
const after = (mark: number[], rest: Uint8Array) => Uint8Array.from([...mark, ...rest])
const text = 'Name;Ort\nMüller & Söhne;Köln\n'

describe('The bytes of a file become its letters', () => {
  it.each([
    ['UTF-8', 'as it is', utf8(text)],
    ['UTF-8', 'with a byte order mark', after([0xef, 0xbb, 0xbf], utf8(text))],
    ['UTF-16LE', 'with a byte order mark', after([0xff, 0xfe], utf16(text, 'LE'))],
    ['UTF-16BE', 'with a byte order mark', after([0xfe, 0xff], utf16(text, 'BE'))],
    ['UTF-16LE', 'without one, by its zero bytes', utf16(text, 'LE')],
    ['UTF-16BE', 'without one, by its zero bytes', utf16(text, 'BE')],
    ['Windows-1252', 'since it is no UTF-8', latin1(text)],
  ])('from %s, %s', (encoding, _, file) => {
    expect(decode(file)).toEqual({ encoding, text })
    expect(foundInstead(file)).toBeUndefined()
  })

  it('from Windows-1252 with the letters that Latin-1 lacks', () => {
    expect(decode(bytes(0x80, 0x20, 0x93, 0x41, 0x94, 0xe9)).text).toBe('€ “A”é')
  })

  it('from a beginning that ends in the middle of a letter', () => {
    const file = utf8('Name\nMü')
    expect(decode(file.subarray(0, -1), { cut: true })).toEqual({ encoding: 'UTF-8', text: 'Name\nM' })
    expect(decode(file.subarray(0, -1)).encoding).toBe('Windows-1252')
  })

  it('with one kind of line end', () => {
    expect(decode(utf8('a\r\nb\rc\nd')).text).toBe('a\nb\nc\nd')
  })
})

describe('A file that is no CSV is told by its bytes', () => {
  it.each([
    ['an Excel workbook (.xlsx)', utf8('PK\u0003\u0004....[Content_Types].xml')],
    ['a ZIP archive', utf8('PK\u0003\u0004....customers.csv')],
    ['a PDF document', utf8('%PDF-1.7 ...')],
    ['an old Excel workbook (.xls) or another Office file', bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1)],
    ['a picture', bytes(0x89, 0x50, 0x4e, 0x47, 0x0d)],
    ['a picture', bytes(0xff, 0xd8, 0xff, 0xe0)],
    ['a compressed file (.gz)', bytes(0x1f, 0x8b, 0x08)],
    ['a web page or XML file', utf8('<!DOCTYPE html><html>')],
    ['a binary file', bytes(1, 2, 3, 4, 5, 6, 7, 8, 0x41)],
    ['a binary file', Uint8Array.from([...utf8('name\nx'), 0, 0, 0, 7, ...utf8('yz')])],
  ])('%s', (found, file) => expect(foundInstead(file)).toBe(found))

  it('but not by a heading that begins like one', () => {
    expect(foundInstead(utf8('PKZ,Name\n1,Fabrikam\n'))).toBeUndefined()
  })
})

describe('What stands between cells is guessed', () => {
  it.each([
    [',', 'Name,Phone\nFabrikam,1\n'],
    [';', 'Name;Phone\nFabrikam;1\n'],
    ['\t', 'Name\tPhone\nFabrikam\t1\n'],
    ['|', 'Name|Phone\nFabrikam|1\n'],
    [';', 'Name;Address\n"Fabrikam, Inc., Ltd., Co.";"1, 2, 3, 4, 5"\n'],
    [';', 'Name;Address\nFabrikam, Inc.;a,b,c\nContoso, Ltd.;d,e,f\n'],
    [',', '"Name; or whatever; you; like",Phone\nFabrikam,1\n'],
    [',', 'Wie,Was\nFabrikam;1,2\nContoso;3,4\n'],
    [',', 'Name\nFabrikam\n'],
    [',', ''],
  ])('%j in %j', (delimiter, file) => expect(delimiterOf(file)).toBe(delimiter))
})

describe('A CSV is read', () => {
  it('with commas, quotation marks and line breaks inside cells, each row at its line', () => {
    const { headings, rows } = readCsv('Name,Notes\n"A, ""B""","one\ntwo\nthree"\n\nC,\n', ',')
    expect(headings).toEqual(['Name', 'Notes'])
    expect(rows).toEqual([
      { line: 2, cells: ['A, "B"', 'one\ntwo\nthree'], fault: null },
      { line: 6, cells: ['C', ''], fault: null },
    ])
  })

  it('to no rows when there are headings alone, and not at all when it is empty', () => {
    expect(readCsv('Name,Phone\n', ',').rows).toEqual([])
    expect(() => readCsv('\n  \n', ',')).toThrow('This file is empty.')
  })

  it('with headings that come after empty lines', () => {
    expect(readCsv('\n,,\nName,Phone\nA,1\n', ',').rows).toEqual([{ line: 4, cells: ['A', '1'], fault: null }])
  })

  it('without columns that have neither heading nor cells', () => {
    expect(readCsv('Name,Phone,,\nA,1,,\n', ',')).toMatchObject({
      headings: ['Name', 'Phone'],
      rows: [{ fault: null }],
    })
  })

  it('and a row that has more cells than there are columns, or a stray quotation mark, is named', () => {
    const { rows } = readCsv('Name,Phone\nA,1,2\n"B" C",3\nD,4\n', ',')
    expect(rows.map(({ line, fault }) => [line, fault === null])).toEqual([
      [2, false],
      [3, false],
      [4, true],
    ])
  })

  it.each([
    ['sep=;\nName;Phone\nA, B;1\n', ';'],
    ['SEP=,\nName,Phone\n"A, B",1\n', ','],
    ['"sep=|"\nName|Phone\nA, B|1\n', '|'],
    ['sep=\t\nName\tPhone\nA, B\t1\n', '\t'],
  ] as const)('by what Excel’s own first line says, which is no row: %j', (text, delimiter) => {
    expect(delimiterOf(text)).toBe(delimiter)
    const { headings, rows } = readCsv(text, delimiter)
    expect(headings).toEqual(['Name', 'Phone'])
    expect(rows).toEqual([{ line: 3, cells: ['A, B', '1'], fault: null }])
    expect(readHead(text, delimiter).headings).toEqual(['Name', 'Phone'])
  })

  it('and a stray quotation mark says which lines were taken for one row', () => {
    const { rows } = readCsv('Name,Notes\nA,1\n"B" x,2\nC,3\nD,"4"\nE,5\n', ',')
    const [, swallowing, ...others] = rows
    expect(swallowing).toMatchObject({ line: 3 })
    expect(swallowing?.fault).toContain('so lines 3 to 5 were read as this one row')
    expect(others.map(({ line, cells }) => [line, ...cells])).toEqual([[6, 'E', '5']])
  })

  it('not at all when a stray quotation mark takes in the rest, which is not called never closed', () => {
    expect(() => readCsv('Name,Notes\n"A"b,c\nD,e\n', ',')).toThrow(
      'In line 2 a quotation mark stands in the middle of a cell',
    )
  })

  it('not at all when a quotation mark is never closed, saying where', () => {
    expect(() => readCsv('Name\nA\n"B\nC\n', ',')).toThrow('The quotation mark that opens in line 3 is never closed.')
  })

  it('not at all when it has too many rows or columns', () => {
    expect(() => readCsv(`Name\n${'A\n'.repeat(ROW_COUNT_MAX + 1)}`, ',')).toThrow('has more than 50,000 rows')
    expect(() => readCsv(`${Array.from({ length: 101 }, (_, at) => `c${at}`).join(',')}\n`, ',')).toThrow(
      'has 101 columns',
    )
  })

  it('and a cell longer than any may be keeps its beginning', () => {
    expect(readCsv(`Name\n${'x'.repeat(1_000_000)}\n`, ',').rows[0]?.cells[0]).toHaveLength(CELL_LENGTH_MAX)
  })
})

describe('What an export did to keep cells from being formulas', () => {
  it.each([
    [`'=cmd|' /C calc'!A0`, `=cmd|' /C calc'!A0`],
    [`'+44 1632 960 100`, '+44 1632 960 100'],
    [`'-`, '-'],
    [`'@home`, '@home'],
    [`'\tx`, '\tx'],
    [`'s-Hertogenbosch`, `'s-Hertogenbosch`],
    [`O'Neill`, `O'Neill`],
    ['', ''],
  ])('%j is undone: %j', (cell, was) => expect(restored(cell)).toBe(was))

  it('is done by a file of ours, and undone when it comes back', () => {
    const cells = ['=1+1', '+44 1632', '-5', '@x', `'s-Gravenhage`, 'a "b", c\nd', 'مرحبا', '🦷']
    const written = `\ufeff${csvLines([['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], cells])}`
    for (const line of written.split('\r\n')) expect(line).not.toMatch(/(^|,)[=+@-]/)
    expect(readCsv(decode(utf8(written)).text, ',').rows[0]?.cells).toEqual(cells)
  })
})

describe('What columns are for is guessed by their headings', () => {
  const fields = (...given: string[]) => guessColumns(given).map(({ field }) => field)

  it.each([
    ['English', ['Company', 'E-mail address', 'Telephone', 'Address', 'Comments', 'Account number']],
    ['German', ['Firma', 'E-Mail-Adresse', 'Telefon', 'Anschrift', 'Bemerkungen', 'Kundennummer']],
    ['French', ['Raison sociale', 'Courriel', 'Téléphone', 'Adresse postale', 'Remarques', 'Numéro de client']],
    ['Spanish', ['Razón social', 'Correo electrónico', 'Teléfono', 'Dirección', 'Observaciones', 'Número de cliente']],
    ['Dutch', ['Bedrijfsnaam', 'E-mailadres', 'Telefoon', 'Adres', 'Opmerkingen', 'Klantnummer']],
    ['any letters', ['NAME', 'e_mail', ' Phone ', 'ADDRESS:', 'notes*', 'PSA-ID']],
  ])('in %s', (_, given) => expect(fields(...given)).toEqual(['name', 'email', 'phone', 'address', 'notes', 'psaId']))

  it('each field from one column, the first', () => {
    expect(fields('Name', 'Company', 'Client')).toEqual(['name', null, null])
  })

  it('in our own export, whose other columns are known and left out', () => {
    const given =
      'Customer id,Name,E-mail,Phone,Address,Notes,PSA id,Primary contact,Tenants,Total users,Health,Portal address,Created,State'
    expect(guessColumns(given.split(',')).map(({ kind, field }) => field ?? kind)).toEqual([
      'customerId',
      'name',
      'email',
      'phone',
      'address',
      'notes',
      'psaId',
      ...Array.from({ length: 7 }, () => 'ours'),
    ])
  })

  it('and one that nobody knows is left out', () => {
    expect(guessColumns(['Favourite colour'])).toEqual([{ kind: 'unknown', field: null }])
  })
})
