import { describe, expect, it } from 'vitest'
import { productsIn } from './mapping.ts'

const head =
  'Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names'
const PREMIUM = 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46'
const line = (name: string, partNumber = 'SPB', skuId = PREMIUM) => `${name},${partNumber},${skuId},TEAMS1,x,Teams`

describe('The products of Microsoft’s table', () => {
  it('come once each, with ids in lower case, whatever stands at its very beginning and between its lines', () => {
    const text = [head, line('Business Premium', 'SPB', PREMIUM.toUpperCase()), line('Another wording'), ''].join(
      '\r\n',
    )
    expect(productsIn(`\ufeff${text}`)).toEqual([{ skuId: PREMIUM, partNumber: 'SPB', name: 'Business Premium' }])
  })

  it('keep commas and quotation marks of their names', () => {
    expect(productsIn([head, line('"Planner, ""Plan 1"""')].join('\n'))[0]?.name).toBe('Planner, "Plan 1"')
  })

  it('come of a row for each plan, whose names hold commas and line breaks too', () => {
    const rows = [
      `Business Premium,SPB,${PREMIUM},TEAMS1,57ff2da0-773e-42df-b2af-ffb7a2317929,"Microsoft Teams, for business"`,
      `Business Premium,SPB,${PREMIUM},BPOS_S_DlpAddOn,9bec7e34-c9fa-40b7-a9d1-bd6d1165c7ed,"Data Loss Prevention\n(add-on)"`,
      '"Teams Phone, resource account",PHONESYSTEM_VIRTUALUSER,440eaaa8-b3e0-484b-a8be-62870b9ba70a,MCOEV_VIRTUALUSER,f47330e9-c134-43b3-9993-e7f004506889,Teams Phone',
    ]
    expect(productsIn(`\ufeff${[head, ...rows, ''].join('\r\n')}`)).toEqual([
      { skuId: PREMIUM, partNumber: 'SPB', name: 'Business Premium' },
      {
        skuId: '440eaaa8-b3e0-484b-a8be-62870b9ba70a',
        partNumber: 'PHONESYSTEM_VIRTUALUSER',
        name: 'Teams Phone, resource account',
      },
    ])
  })

  it('leave out a name that lost a letter on its way', () => {
    expect(productsIn([head, line('Microsoft 365 f\ufffdr alle')].join('\n'))).toEqual([])
  })

  it.each([
    ['nothing at all', ''],
    ['a web page', '<!doctype html><title>Moved</title>'],
    ['other columns', `Name,Id\nBusiness Premium,${PREMIUM}`],
    ['a row that was cut off', [head, line('Business Premium'), 'Microsoft 365 E3,SPE_E3,05e9a6'].join('\n')],
    ['a quotation mark that never closes', [head, line('"Business Premium')].join('\n')],
    ['an id that is none', [head, line('Business Premium', 'SPB', 'none')].join('\n')],
  ])('are not read from %s', (_, text) => {
    expect(() => productsIn(text)).toThrow(/not as it was/)
  })
})
