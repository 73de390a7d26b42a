export type Sku = { partNumber: string; skuId: string; plans: readonly ServicePlan[] }
export type ServicePlan = { name: string; id: string; appliesTo: 'User' | 'Company' }

const exchangeStandard: ServicePlan = {
  name: 'EXCHANGE_S_STANDARD',
  id: '9aaf7827-d63c-4b61-89c3-182f06f82e5c',
  appliesTo: 'User',
}
const exchangeEnterprise: ServicePlan = {
  name: 'EXCHANGE_S_ENTERPRISE',
  id: 'efb87545-963c-4e0d-99df-69c6916d9eb0',
  appliesTo: 'User',
}
const teams: ServicePlan = { name: 'TEAMS1', id: '57ff2da0-773e-42df-b2af-ffb7a2317929', appliesTo: 'User' }
const sharePoint: ServicePlan = {
  name: 'SHAREPOINTSTANDARD',
  id: 'c7699d2e-19aa-44de-8edf-1736da088ca1',
  appliesTo: 'User',
}
const sharePointEnterprise: ServicePlan = {
  name: 'SHAREPOINTENTERPRISE',
  id: '5dbe027f-2339-4123-9542-606e4d348a72',
  appliesTo: 'User',
}
const officeBusiness: ServicePlan = {
  name: 'OFFICE_BUSINESS',
  id: '094e7854-93fc-4d55-b2c0-3ab5369ebdc1',
  appliesTo: 'User',
}
const officeEnterprise: ServicePlan = {
  name: 'OFFICESUBSCRIPTION',
  id: '43de0ff5-c92c-492b-9116-175376d08c38',
  appliesTo: 'User',
}
const entraP1: ServicePlan = { name: 'AAD_PREMIUM', id: '41781fb2-bc02-4b7c-bd55-b576c07bb09d', appliesTo: 'User' }
const intune: ServicePlan = { name: 'INTUNE_A', id: 'c1ec4a95-1f05-45b3-a911-aa3fa01094f5', appliesTo: 'User' }

/** The SKUs that the sandbox's tenants hold; ids and part numbers are Microsoft's published ones. */
export const skus = {
  businessBasic: sku('O365_BUSINESS_ESSENTIALS', '3b555118-da6a-4418-894f-7df1e2096870', [
    exchangeStandard,
    teams,
    sharePoint,
  ]),
  businessStandard: sku('O365_BUSINESS_PREMIUM', 'f245ecc8-75af-4f8e-b61f-27d8114de5f3', [
    exchangeStandard,
    teams,
    sharePoint,
    officeBusiness,
  ]),
  businessPremium: sku('SPB', 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46', [
    exchangeStandard,
    teams,
    sharePoint,
    officeBusiness,
    entraP1,
    intune,
  ]),
  e3: sku('SPE_E3', '05e9a617-0261-4cee-bb44-138d3ef5d965', [
    exchangeEnterprise,
    teams,
    sharePointEnterprise,
    officeEnterprise,
    entraP1,
    intune,
  ]),
  e5: sku('SPE_E5', '06ebc4ee-1bb5-47dd-8120-11324bc54e06', [
    exchangeEnterprise,
    teams,
    sharePointEnterprise,
    officeEnterprise,
    entraP1,
    intune,
  ]),
  f3: sku('SPE_F1', '66b55226-6b4f-492c-910c-a3b7a3c9d993', [
    { name: 'EXCHANGE_S_DESKLESS', id: '4a82b400-a79f-41a4-b4e2-e94f5787b113', appliesTo: 'User' },
    teams,
  ]),
  exchangePlan1: sku('EXCHANGESTANDARD', '4b9405b0-7788-4568-add1-99614e613b69', [exchangeStandard]),
  powerBiPro: sku('POWER_BI_PRO', 'f8a1db68-be16-40ed-86d5-cb42ce701560', [
    { name: 'BI_AZURE_P2', id: '70d33638-9c74-4d01-bfd3-562de28bd4ba', appliesTo: 'User' },
  ]),
  copilot: sku('Microsoft_365_Copilot', '639dec6b-bb19-468b-871c-c5c441c4b0cb', []),
  visioPlan1: sku('VISIOONLINE_PLAN1', '4b244418-9658-4451-a2b8-b5e2b364e9bd', []),
  powerAutomateFree: sku('FLOW_FREE', 'f30db892-07e9-47e9-837c-80727f46fd3d', [
    { name: 'FLOW_P2_VIRAL', id: '50e68c76-46c6-4674-81f9-75456511b170', appliesTo: 'User' },
  ]),
} as const

function sku(partNumber: string, skuId: string, plans: readonly ServicePlan[]): Sku {
  return { partNumber, skuId, plans }
}
