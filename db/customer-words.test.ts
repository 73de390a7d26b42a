import { describe, expect, it } from 'vitest'
import { businessDomainOf, likenessOf, marksOf } from './customer-words.ts'

describe('Two names are alike', () => {
  for (const [one, other] of [
    ['Fabrikam Ltd', 'FABRIKAM'],
    ['Fabrikam, Inc.', 'Fabrikam'],
    ['Müller & Söhne GmbH & Co. KG', 'Muller Sohne'],
    ['Müller und Söhne', 'Müller & Söhne'],
    ['O’Brien Law LLP', "O'Brien Law"],
    ['Contoso S.A.', 'Contoso SA'],
    ['A. Datum Corporation', 'A Datum Corp'],
    ['The Phone Company', 'Phone'],
    ['北京公司', '北京公司'],
  ] as const)
    it(`${one} and ${other}`, () => expect(likenessOf(one)).toBe(likenessOf(other)))
})

describe('Two names are not alike', () => {
  for (const [one, other] of [
    ['Fabrikam Dental', 'Fabrikam'],
    ['Company', 'Limited'],
    ['SE', 'AG'],
    ['The And', 'The Und Co'],
    ['Ltd Supplies', 'Supplies'],
  ] as const)
    it(`${one} and ${other}`, () => expect(likenessOf(one)).not.toBe(likenessOf(other)))
})

it('A name without a letter or digit is like itself alone', () => {
  expect(likenessOf('!!! – 🎉')).toBe('!!!–🎉')
  expect(marksOf({ name: '!!!' })).toEqual(['=!!!'])
})

it('A public mailbox says nothing of a business', () => {
  expect(businessDomainOf('dana@gmail.com')).toBeUndefined()
  expect(businessDomainOf('dana@Fabrikam.example')).toBe('fabrikam.example')
  expect(businessDomainOf(null)).toBeUndefined()
})

it('A customer is marked by its likeness, each of its domains once, and its PSA id', () =>
  expect(
    marksOf({
      name: 'Fabrikam Ltd',
      email: 'dana@fabrikam.example',
      psaId: 'C-17',
      domains: ['Fabrikam.example', 'fabrikam.test'],
    }),
  ).toEqual(['=fabrikam', '@fabrikam.example', '@fabrikam.test', '#c-17']))
