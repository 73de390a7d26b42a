import { describe, expect, it } from 'vitest'
import { splitQuoted, textOfHtml } from './quoted.ts'

const written = 'It works again, thank you!\n\nDana'
const earlier = '> Please restart it.\n>\n> Marcus'

const announcements: [string, string][] = [
  ['Gmail', 'On Mon, Nov 30, 2026 at 3:15 PM Northwind IT <help@northwind.example> wrote:'],
  ['Gmail, over two lines', 'On Mon, Nov 30, 2026 at 3:15 PM Northwind IT\n<help@northwind.example> wrote:'],
  ['Apple Mail', 'On 30 Nov 2026, at 15:15, Northwind IT <help@northwind.example> wrote:'],
  ['Apple Mail in German', 'Am 30.11.2026 um 15:15 schrieb Northwind IT <help@northwind.example>:'],
  ['Gmail in German', 'Am Mo., 30. Nov. 2026 um 15:15 Uhr schrieb Northwind IT <\nhelp@northwind.example>:'],
  ['Gmail in French', 'Le lun. 30 nov. 2026 à 15:15, Northwind IT <help@northwind.example> a écrit :'],
  ['Gmail in Dutch', 'Op ma 30 nov 2026 om 15:15 schreef Northwind IT <help@northwind.example>:'],
  ['Outlook in Dutch', 'Op 30 nov. 2026 om 15:15 heeft Northwind IT <help@northwind.example> het volgende geschreven:'],
  ['Gmail in Spanish', 'El lun, 30 nov 2026 a las 15:15, Northwind IT (<help@northwind.example>) escribió:'],
  ['Thunderbird', 'Northwind IT, 30.11.26 15:15 wrote:'],
]

const heads: [string, string][] = [
  [
    'Outlook',
    'From: Northwind IT <help@northwind.example>\nSent: Monday, November 30, 2026 3:15 PM\nTo: Dana\nSubject: [#1042] Printer',
  ],
  [
    'Outlook on the web',
    '________________________________\nFrom: Northwind IT <help@northwind.example>\nSent: 30 November 2026 15:15\nTo: Dana\nSubject: [#1042] Printer',
  ],
  [
    'Outlook in German',
    'Von: Northwind IT\nGesendet: Montag, 30. November 2026 15:15\nAn: Dana\nBetreff: [#1042] Printer',
  ],
  ['Outlook in French', 'De : Northwind IT\nEnvoyé : lundi 30 novembre 2026 15:15\nÀ : Dana\nObjet : [#1042] Printer'],
  [
    'Outlook in Dutch',
    'Van: Northwind IT\nVerzonden: maandag 30 november 2026 15:15\nAan: Dana\nOnderwerp: [#1042] Printer',
  ],
  [
    'Outlook in Spanish',
    'De: Northwind IT\nEnviado el: lunes, 30 de noviembre de 2026 15:15\nPara: Dana\nAsunto: [#1042] Printer',
  ],
  [
    'Outlook in bold',
    '*From:* Northwind IT\n*Sent:* Monday, November 30, 2026\n*To:* Dana\n*Subject:* [#1042] Printer',
  ],
  ['an older Outlook', '-----Original Message-----\nFrom: Northwind IT\nSent: Monday'],
  ['an older Outlook in German', '-----Ursprüngliche Nachricht-----\nVon: Northwind IT'],
  ['an older Outlook in French', "-----Message d'origine-----\nDe : Northwind IT"],
  ['an older Outlook in Dutch', '-----Oorspronkelijk bericht-----\nVan: Northwind IT'],
  ['an older Outlook in Spanish', '-----Mensaje original-----\nDe: Northwind IT'],
]

describe('What a mail quotes', () => {
  it.each(announcements)('is folded where %s announces it', (_, announcement) => {
    expect(splitQuoted(`${written}\n\n${announcement}\n\n${earlier}\n`)).toEqual({
      text: written,
      quoted: `${announcement}\n\n${earlier}`,
    })
  })

  it.each(heads)('is folded below the head of %s, though nothing marks it', (_, head) => {
    const quoted = `${head}\n\nPlease restart it.\nMarcus`
    expect(splitQuoted(`${written}\n\n${quoted}`)).toEqual({ text: written, quoted })
  })

  it('is folded where it only has marks', () => {
    expect(splitQuoted(`${written}\n\n${earlier}`)).toEqual({ text: written, quoted: earlier })
  })

  it('is folded with line ends of any make', () => {
    const mail = `${written}\n\n${announcements[0]?.[1] ?? ''}\n${earlier}`
    expect(splitQuoted(mail.replaceAll('\n', '\r\n')).text).toBe(written)
  })

  it('is told from an answer below it', () => {
    expect(splitQuoted(`On Mon, Nov 30, 2026 at 3:15 PM Marcus wrote:\n${earlier}\n\n${written}`)).toEqual({
      text: written,
      quoted: `On Mon, Nov 30, 2026 at 3:15 PM Marcus wrote:\n${earlier}`,
    })
    expect(splitQuoted(`> Does it work?\n\nYes.`)).toEqual({ text: 'Yes.', quoted: '> Does it work?' })
  })
})

describe('What somebody wrote', () => {
  it.each([
    ['with a signature', `${written}\n-- \nDana Whitfield\nFabrikam Dental`],
    ['that says who wrote what', 'My boss wrote:\nbuy a new one. And he is right.'],
    ['with a date and a colon', 'We meet on 3 December, as Ann wrote: at noon.\nIs that fine?'],
    ['that names where it is from', 'From: the desk of Dana\nIt still does not print.'],
    ['with an arrow in it', 'Settings -> Printers > Add\nand then nothing happens.'],
    ['between quoted lines', '> Does it work?\nNo.\n> And the other?\nNeither.\nDana'],
    ['of one word', 'Ok'],
  ])('stays: %s', (_, text) => {
    expect(splitQuoted(text).text).toContain(text.split('\n').at(-1) ?? '')
    if (!text.startsWith('>')) expect(splitQuoted(text)).toEqual({ text, quoted: null })
  })

  it('is all of it where it would else be nothing', () => {
    expect(splitQuoted(earlier)).toEqual({ text: earlier, quoted: null })
    const head = heads[0]?.[1] ?? ''
    expect(splitQuoted(`${head}\n\nPlease look at this.`)).toEqual({
      text: `${head}\n\nPlease look at this.`,
      quoted: null,
    })
    expect(splitQuoted('  \n ')).toEqual({ text: '', quoted: null })
  })

  it('takes no longer for a mail made to take long', () => {
    const mail = `${'On 1 '.repeat(4_000)}\n`.repeat(40)
    expect(splitQuoted(mail).quoted).toBeNull()
    // Each of these was read through once for each of its lines or spaces.
    expect(splitQuoted('> Does it work?\nNo.\n'.repeat(200_000)).text).toMatch(/^No\.\nNo\./)
    expect(splitQuoted('Dana 1 wrote:\n\n'.repeat(200_000)).quoted).toBeNull()
    expect(splitQuoted(`Yes${' '.repeat(1_000_000)}.`).quoted).toBeNull()
    expect(splitQuoted(`Yes\n${' '.repeat(1_000_000)}.`).quoted).toBeNull()
  })
})

describe('A mail that is HTML alone', () => {
  it('is read as text, with its quotations marked', () => {
    const html = `<html><head><title>x</title><style>p{color:red}</style></head><body><p>It works &amp; prints.</p>
      <div>Dana&nbsp;W.<br>Reception</div><div>On 30 Nov 2026, Marcus wrote:</div>
      <blockquote><p>Please <b>restart</b> it.</p></blockquote><script>alert(1)</script></body></html>`
    expect(splitQuoted(textOfHtml(html))).toEqual({
      text: 'It works & prints.\n\nDana W.\nReception',
      quoted: 'On 30 Nov 2026, Marcus wrote:\n\n> Please restart it.',
    })
  })

  it('has its letters and marks, however they are named', () => {
    expect(
      textOfHtml(
        'Gr&uuml;&szlig;e, &Eacute;l&egrave;ve &ndash; 5&nbsp;&euro; &frac12; &#8222;ja&#x201c; &yuml; &Yuml; &unknown;',
      ),
    ).toBe('Grüße, Élève – 5 € ½ „ja“ ÿ ÿ &unknown;')
  })

  it('shows as text what it could have run', () => {
    expect(textOfHtml('<p>&lt;script&gt;alert(1)&lt;/script&gt; &#x3C;b&#62; &#0;&#xd800;</p>')).toBe(
      '<script>alert(1)</script> <b>',
    )
    expect(textOfHtml('<p>broken <b')).toContain('broken')
    expect(textOfHtml('')).toBe('')
  })

  it('is read as far as it was written, whatever in it never ends', () => {
    expect(textOfHtml('<!-- <style>a</style> -->Yes<style>b<!--c</style>, it works')).toBe('Yes, it works')
    expect(textOfHtml('<!-- Yes<p>It works</p>')).toContain('It works')
    expect(textOfHtml('<script>One</SCRIPT >Two<script>Three')).toBe('TwoThree')
  })

  it('takes no longer when it was made to take long', () => {
    const within = (tag: string) => textOfHtml(`${tag.repeat(500_000)}It works`)
    expect(within('<!--')).toContain('It works')
    expect(within('<style>')).toContain('It works')
    expect(within('<blockquote>')).toMatch(/^(> )+It works$/)
  })
})
