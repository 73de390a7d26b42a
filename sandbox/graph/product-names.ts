import { Hono } from 'hono'
import { skus, type Sku } from './skus.ts'

/** What Microsoft calls the licences that the sandbox's tenants hold. */
const names: Record<keyof typeof skus, string> = {
  businessBasic: 'Microsoft 365 Business Basic',
  businessStandard: 'Microsoft 365 Business Standard',
  businessPremium: 'Microsoft 365 Business Premium',
  e3: 'Microsoft 365 E3',
  e5: 'Microsoft 365 E5',
  f3: 'Microsoft 365 F3',
  exchangePlan1: 'Exchange Online (Plan 1)',
  powerBiPro: 'Power BI Pro',
  copilot: 'Microsoft 365 Copilot',
  visioPlan1: 'Visio Plan 1',
  powerAutomateFree: 'Microsoft Power Automate Free',
}

/** Some that nobody here holds, so that the table is more than what is asked of it. */
const others: readonly (readonly [partNumber: string, skuId: string, name: string])[] = [
  ['STANDARDPACK', '18181a46-0d4e-45cd-891e-60aabd171b4e', 'Office 365 E1'],
  ['ENTERPRISEPACK', '6fd2c87f-b296-42f0-b197-1e91e994b900', 'Office 365 E3'],
  ['ENTERPRISEPREMIUM', 'c7df2760-2c81-4ef7-b578-5b5392b571df', 'Office 365 E5'],
  ['M365_F1', '44575883-256e-4a79-9da4-ebe9acabe2b2', 'Microsoft 365 F1'],
  ['EXCHANGEENTERPRISE', '19ec0d23-8335-4cbd-94ac-6050e30712fa', 'Exchange Online (Plan 2)'],
  ['EXCHANGEDESKLESS', '80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82', 'Exchange Online Kiosk'],
  ['AAD_PREMIUM', '078d2b04-f1bd-4111-bbd4-b4b1b354cef4', 'Microsoft Entra ID P1'],
  ['AAD_PREMIUM_P2', '84a661c4-e949-4bd2-a560-ed7766fcaf2b', 'Microsoft Entra ID P2'],
  ['EMS', 'efccb6f7-5641-4e0e-bd10-b4976e1bf68e', 'Enterprise Mobility + Security E3'],
  ['INTUNE_A', '061f9ace-7d42-4136-88ac-31dc755f143f', 'Microsoft Intune Plan 1'],
  ['MCOEV', 'e43b5b99-8dfb-405f-9987-dc307f34bcbd', 'Microsoft Teams Phone Standard'],
  ['VISIOCLIENT', 'c5928f49-12ba-48f7-ada3-0d743a3601d5', 'Visio Plan 2'],
  ['PROJECTPROFESSIONAL', '53818b1b-4a27-454b-8896-0dba576410e6', 'Planner and Project Plan 3'],
  ['POWER_BI_STANDARD', 'a403ebcc-fae0-4ca2-8c8c-7a907fd6c235', 'Microsoft Fabric (Free)'],
]

const headings =
  'Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names'

/** The table of licences as Microsoft publishes it: CSV, one line for each product and plan. */
export function productNames(): Hono {
  const app = new Hono()
  app.get('/', (context) => context.text(`\ufeff${table()}`, 200, { 'content-type': 'text/csv' }))
  return app
}

function table(): string {
  const held = (Object.keys(names) as (keyof typeof skus)[]).flatMap((key) => linesOf(skus[key], names[key]))
  const lines = others.flatMap(([partNumber, skuId, name]) => linesOf({ partNumber, skuId, plans: [] }, name))
  return `${[headings, ...held, ...lines].join('\r\n')}\r\n`
}

/** A product without plans has one line all the same. */
function linesOf({ partNumber, skuId, plans }: Sku, name: string): string[] {
  const line = (planName: string, planId: string) =>
    [name, partNumber, skuId, planName, planId, planName].map(cell).join(',')
  return plans.length === 0 ? [line('', '')] : plans.map((plan) => line(plan.name, plan.id))
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
