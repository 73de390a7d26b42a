import { describe, expect, it } from 'vitest'
import { isHiddenByDefault, skuName } from './sku-names.ts'

const unknownId = '00000000-1111-2222-3333-444444444444'

describe('the name of a licence', () => {
  it.each([
    // part numbers that suggest another product
    ['f245ecc8-75af-4f8e-b61f-27d8114de5f3', 'O365_BUSINESS_PREMIUM', 'Microsoft 365 Business Standard'],
    ['66b55226-6b4f-492c-910c-a3b7a3c9d993', 'SPE_F1', 'Microsoft 365 F3'],
    ['4b585984-651b-448a-9e53-3b10f069cf7f', 'DESKLESSPACK', 'Office 365 F3'],
    ['cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46', 'SPB', 'Microsoft 365 Business Premium'],
    ['44575883-256e-4a79-9da4-ebe9acabe2b2', 'M365_F1', 'Microsoft 365 F1'],
    // two ids, one name
    ['dab7782a-93b1-4074-8bb1-0e61318bea0b', 'SMB_BUSINESS_ESSENTIALS', 'Microsoft 365 Business Basic'],
    ['3b555118-da6a-4418-894f-7df1e2096870', 'O365_BUSINESS_ESSENTIALS', 'Microsoft 365 Business Basic'],
    // known by id alone
    ['00e1ec7b-e4a3-40d1-9441-b69b597ab222', 'Whatever', 'Microsoft 365 Business Premium (no Teams)'],
    ['00E1EC7B-E4A3-40D1-9441-B69B597AB222', '', 'Microsoft 365 Business Premium (no Teams)'],
    // the id decides over the part number
    ['05e9a617-0261-4cee-bb44-138d3ef5d965', 'SPE_E5', 'Microsoft 365 E3'],
    // known by part number alone
    [unknownId, 'SPE_E5', 'Microsoft 365 E5'],
    [unknownId, 'microsoft_365_copilot', 'Copilot for Microsoft 365'],
    // not known at all
    [unknownId, 'BRAND_NEW_SKU', 'BRAND_NEW_SKU'],
    [unknownId, '', 'Licence without a name'],
    [unknownId, unknownId, 'Licence without a name'],
    [unknownId, unknownId.replaceAll('-', ''), 'Licence without a name'],
  ])('%s %s is %s', (skuId, skuPartNumber, name) => {
    expect(skuName({ skuId, skuPartNumber })).toBe(name)
  })

  it('is the MSP’s own before the refreshed one before the bundled one, whatever the case of the id', () => {
    const sku = { skuId: 'CBDC14AB-D96C-4C30-B9F4-6ADA7CDC1D46', skuPartNumber: 'SPB' }
    const overrides = new Map([[sku.skuId.toLowerCase(), 'Office for the practice']])
    const refreshed = new Map([[sku.skuId.toLowerCase(), 'Microsoft 365 Business Premium (new)']])
    expect(skuName(sku, overrides, refreshed)).toBe('Office for the practice')
    expect(skuName(sku, new Map(), refreshed)).toBe('Microsoft 365 Business Premium (new)')
    expect(skuName(sku, undefined, new Map())).toBe('Microsoft 365 Business Premium')
  })

  it('is never empty, even where an override is', () => {
    const sku = { skuId: unknownId, skuPartNumber: 'SPB' }
    expect(skuName(sku, new Map([[unknownId, '  ']]))).toBe('Microsoft 365 Business Premium')
  })
})

describe('a licence hidden by default', () => {
  it.each([
    ['FLOW_FREE', 10_000],
    ['FLOW_FREE', 3],
    ['POWER_BI_STANDARD', 1_000_000],
    ['POWERAPPS_VIRAL', 10_000],
    ['TEAMS_EXPLORATORY', 100],
    ['WINDOWS_STORE', 25],
    ['RIGHTSMANAGEMENT_ADHOC', 50_000],
    ['Dynamics_365_Something_viral_trial', 10_000],
    ['POWER_PAGES_VTRIAL_FOR_MAKERS', 10_000],
    ['NEW_THING_FREE', 1],
    ['COPILOT_STUDIO_VIRAL_TRIAL', 1],
    ['PROJECT_PREVIEW_IW', 10_000],
  ])('is %s with %d seats', (skuPartNumber, boughtCount) => {
    expect(isHiddenByDefault({ skuId: unknownId, skuPartNumber, boughtCount })).toBe(true)
  })

  it('is known by its id when Microsoft renames its part number', () => {
    const sku = { skuId: 'F30DB892-07E9-47E9-837C-80727F46FD3D', skuPartNumber: 'RENAMED', boughtCount: 10_000 }
    expect(isHiddenByDefault(sku)).toBe(true)
  })

  it.each([
    ['SPE_E3', 10_000],
    ['SPE_E5', 250_000],
    ['SHAREPOINTSTANDARD', 10_000],
    ['EXCHANGESTANDARD', 20_000],
    ['STANDARDPACK', 10_000],
    ['Microsoft_Teams_Rooms_Basic', 10_000],
    ['Microsoft_Teams_Rooms_Basic', 2],
    ['PHONESYSTEM_VIRTUALUSER', 20],
    ['SOMETHING_STANDARD', 10_000],
    ['PROJECT_PREVIEW_IW', 9_999],
    ['FREEDOM_SUITE', 10_000],
    ['INDUSTRIAL_SUITE', 10_000],
    ['BRAND_NEW_SKU', 50_000],
    ['POWER_BI_PRO', 10_000],
  ])('is not %s with %d seats', (skuPartNumber, boughtCount) => {
    expect(isHiddenByDefault({ skuId: unknownId, skuPartNumber, boughtCount })).toBe(false)
  })

  it('is not a paid one under a part number that sounds free', () => {
    const sku = { skuId: '05e9a617-0261-4cee-bb44-138d3ef5d965', skuPartNumber: 'SPE_E3_FREE', boughtCount: 10 }
    expect(isHiddenByDefault(sku)).toBe(false)
  })
})
