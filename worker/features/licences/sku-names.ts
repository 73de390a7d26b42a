import { bySku, toldApart } from './add-up.ts'

export type Sku = { skuId: string; skuPartNumber: string }

type NamedSku = Sku & { ownName: string | null; microsoftName: string | null }

/** Names by skuId, in lower case. */
export type SkuNames = ReadonlyMap<string, string>

/**
 * The name people know a licence by: the MSP's own, else from the refreshed table of Microsoft's, else bundled by id,
 * else bundled by part number, else the part number. Never a bare id.
 */
export function skuName({ skuId, skuPartNumber }: Sku, overrides?: SkuNames, refreshed?: SkuNames): string {
  const id = skuId.toLowerCase()
  const names = [
    overrides?.get(id),
    refreshed?.get(id),
    bundledById.get(id),
    bundledByPartNumber.get(skuPartNumber.trim().toUpperCase()),
    isId(skuPartNumber) ? undefined : skuPartNumber,
  ]
  return names.map((name) => name?.trim() ?? '').find((name) => name !== '') ?? 'Licence without a name'
}

/** The same of a row that carries the MSP's own name and Microsoft's, where there are any. */
export const shownName = ({ ownName, microsoftName, ...sku }: NamedSku): string => {
  const named = (name: string | null) => (name === null ? undefined : new Map([[sku.skuId.toLowerCase(), name]]))
  return skuName(sku, named(ownName), named(microsoftName))
}

/** What licences are called among those that a customer has: two of one name are told apart. Others by what is known of them. */
export const namesAmong = (rows: readonly NamedSku[]): ((sku: Pick<Sku, 'skuId'> & Partial<NamedSku>) => string) => {
  const each = [...bySku(rows)].flatMap(([skuId, ofIt]) =>
    ofIt.slice(0, 1).map((row) => ({ skuId, skuPartNumber: row.skuPartNumber, name: shownName(row) })),
  )
  const names = new Map(toldApart(each).map(({ skuId, name }) => [skuId, name]))
  return (sku) =>
    names.get(sku.skuId.toLowerCase()) ?? shownName({ skuPartNumber: '', ownName: null, microsoftName: null, ...sku })
}

/**
 * Free, viral and trial licences: their thousands of seats make utilisation nonsense, so they are hidden until an MSP
 * shows them. A large purchase alone hides nothing.
 */
export function isHiddenByDefault({ skuId, skuPartNumber, boughtCount }: Sku & { boughtCount: number }): boolean {
  const partNumber = skuPartNumber.trim().toUpperCase()
  const bundledPartNumber = bundledPartNumberById.get(skuId.toLowerCase())
  if (hiddenPartNumbers.has(partNumber)) return true
  if (bundledPartNumber !== undefined) return hiddenPartNumbers.has(bundledPartNumber)
  if (bundledByPartNumber.has(partNumber)) return false
  if (freeWords.test(partNumber)) return true
  return boughtCount >= freeSeatCount && looselyFree.test(partNumber)
}

/** Microsoft gives out its free licences in lots of 10,000 and more. */
const freeSeatCount = 10_000
const freeWords = /(^|_)(FREE|VIRAL|V?TRIAL|EXPLORATORY|ADHOC)(_|$)/
/** Words that paid licences carry too: they count only together with an unlikely number of seats. */
const looselyFree = /(^|_)(DEV|IW|PREVIEW|PRIVPREV)(_|$)/

/** Free ones whose part number does not say so, and the common ones that do. */
const hiddenPartNumbers: ReadonlySet<string> = new Set([
  'FLOW_FREE',
  'POWER_BI_STANDARD',
  'POWERAPPS_VIRAL',
  'POWERAPPS_DEV',
  'TEAMS_EXPLORATORY',
  'TEAMS_FREE',
  'WINDOWS_STORE',
  'STREAM',
  'RIGHTSMANAGEMENT_ADHOC',
  'CCIBOTS_PRIVPREV_VIRAL',
  'FORMS_PRO',
  'MICROSOFT_BUSINESS_CENTER',
  'DYN365_ENTERPRISE_P1_IW',
])

/**
 * Common licences: skuId, part number, name. Null: the part number is not known. Beware of what part numbers suggest:
 * O365_BUSINESS_PREMIUM is Business Standard, SPE_F1 is F3.
 */
const bundled: readonly (readonly [string, string | null, string])[] = [
  ['3b555118-da6a-4418-894f-7df1e2096870', 'O365_BUSINESS_ESSENTIALS', 'Microsoft 365 Business Basic'],
  ['f245ecc8-75af-4f8e-b61f-27d8114de5f3', 'O365_BUSINESS_PREMIUM', 'Microsoft 365 Business Standard'],
  ['cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46', 'SPB', 'Microsoft 365 Business Premium'],
  ['cdd28e44-67e3-425e-be4c-737fab2899d3', 'O365_BUSINESS', 'Microsoft 365 Apps for Business'],
  ['dab7782a-93b1-4074-8bb1-0e61318bea0b', 'SMB_BUSINESS_ESSENTIALS', 'Microsoft 365 Business Basic'],
  ['ac5cef5d-921b-4f97-9ef3-c99076e5470f', 'SMB_BUSINESS_PREMIUM', 'Microsoft 365 Business Standard – Prepaid Legacy'],
  ['18181a46-0d4e-45cd-891e-60aabd171b4e', 'STANDARDPACK', 'Office 365 E1'],
  ['6fd2c87f-b296-42f0-b197-1e91e994b900', 'ENTERPRISEPACK', 'Office 365 E3'],
  ['c7df2760-2c81-4ef7-b578-5b5392b571df', 'ENTERPRISEPREMIUM', 'Office 365 E5'],
  ['05e9a617-0261-4cee-bb44-138d3ef5d965', 'SPE_E3', 'Microsoft 365 E3'],
  ['06ebc4ee-1bb5-47dd-8120-11324bc54e06', 'SPE_E5', 'Microsoft 365 E5'],
  ['44575883-256e-4a79-9da4-ebe9acabe2b2', 'M365_F1', 'Microsoft 365 F1'],
  ['66b55226-6b4f-492c-910c-a3b7a3c9d993', 'SPE_F1', 'Microsoft 365 F3'],
  ['4b585984-651b-448a-9e53-3b10f069cf7f', 'DESKLESSPACK', 'Office 365 F3'],
  ['4b9405b0-7788-4568-add1-99614e613b69', 'EXCHANGESTANDARD', 'Exchange Online (Plan 1)'],
  ['19ec0d23-8335-4cbd-94ac-6050e30712fa', 'EXCHANGEENTERPRISE', 'Exchange Online (Plan 2)'],
  ['80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82', 'EXCHANGEDESKLESS', 'Exchange Online Kiosk'],
  ['ee02fd1b-340e-4a4b-b355-4a514e4c8943', 'EXCHANGEARCHIVE_ADDON', 'Exchange Online Archiving for Exchange Online'],
  ['078d2b04-f1bd-4111-bbd4-b4b1b354cef4', 'AAD_PREMIUM', 'Microsoft Entra ID P1'],
  ['84a661c4-e949-4bd2-a560-ed7766fcaf2b', 'AAD_PREMIUM_P2', 'Microsoft Entra ID P2'],
  ['efccb6f7-5641-4e0e-bd10-b4976e1bf68e', 'EMS', 'Enterprise Mobility + Security E3'],
  ['b05e124f-c7cc-45a0-a6aa-8cf78c946968', 'EMSPREMIUM', 'Enterprise Mobility + Security E5'],
  ['061f9ace-7d42-4136-88ac-31dc755f143f', 'INTUNE_A', 'Intune'],
  ['4ef96642-f096-40de-a3e9-d83fb2f90211', 'ATP_ENTERPRISE', 'Defender for Office 365 (Plan 1)'],
  ['3dd6cf57-d688-4eed-ba52-9e40b5468c3e', 'THREAT_INTELLIGENCE', 'Defender for Office 365 (Plan 2)'],
  ['5e1e7702-a2b7-4360-8d07-2f515792896f', 'MDE_SMB', 'Defender for Business'],
  ['26124093-3d78-432b-b5dc-48bf992543d5', 'IDENTITY_THREAT_PROTECTION', 'Microsoft 365 E5 Security'],
  ['639dec6b-bb19-468b-871c-c5c441c4b0cb', 'Microsoft_365_Copilot', 'Copilot for Microsoft 365'],
  ['36a0f3b3-adb5-49ea-bf66-762134cf063a', 'Microsoft_Teams_Premium', 'Teams Premium Introductory Pricing'],
  ['e43b5b99-8dfb-405f-9987-dc307f34bcbd', 'MCOEV', 'Teams Phone Standard'],
  ['0c266dff-15dd-4b49-8397-2bb16070ed52', 'MCOMEETADV', 'Audio Conferencing'],
  ['440eaaa8-b3e0-484b-a8be-62870b9ba70a', 'PHONESYSTEM_VIRTUALUSER', 'Teams Phone Resource Account (free)'],
  ['6af4b3d6-14bb-4a2a-960c-6c902aad34f3', 'Microsoft_Teams_Rooms_Basic', 'Teams Rooms Basic'],
  ['4cde982a-ede4-4409-9ae6-b003453c8ea6', 'Microsoft_Teams_Rooms_Pro', 'Teams Rooms Pro'],
  ['c5928f49-12ba-48f7-ada3-0d743a3601d5', 'VISIOCLIENT', 'Visio Plan 2'],
  ['4b244418-9658-4451-a2b8-b5e2b364e9bd', 'VISIOONLINE_PLAN1', 'Visio Plan 1'],
  ['53818b1b-4a27-454b-8896-0dba576410e6', 'PROJECTPROFESSIONAL', 'Planner and Project Plan 3'],
  ['beb6439c-caad-48d3-bf46-0c82871e12be', 'PROJECT_P1', 'Planner Plan 1'],
  ['f8a1db68-be16-40ed-86d5-cb42ce701560', 'POWER_BI_PRO', 'Power BI Pro'],
  ['c1d032e0-5619-4761-9b5c-75b6831e1711', 'PBI_PREMIUM_PER_USER', 'Power BI Premium Per User'],
  ['a403ebcc-fae0-4ca2-8c8c-7a907fd6c235', 'POWER_BI_STANDARD', 'Microsoft Fabric (Free)'],
  ['f30db892-07e9-47e9-837c-80727f46fd3d', 'FLOW_FREE', 'Power Automate Free'],
  ['dcb1a3ae-b33f-4487-846a-a640262fadf4', 'POWERAPPS_VIRAL', 'Power Apps Plan 2 Trial'],
  ['710779e8-3d4a-4c88-adb9-386c958d1fdf', 'TEAMS_EXPLORATORY', 'Teams Exploratory'],
  ['1fc08a02-8b3d-43b9-831e-f76859e04e1a', 'SHAREPOINTSTANDARD', 'SharePoint Online (Plan 1)'],
  ['a9732ec9-17d9-494c-a51c-d6b45b384dcb', 'SHAREPOINTENTERPRISE', 'SharePoint Online (Plan 2)'],
  ['750d9542-a2f8-41c7-8c81-311352173432', 'CPC_B_2C_8RAM_256GB', 'Windows 365 Business 2 vCPU 8 GB 256 GB'],
  ['21502a13-c8dc-4744-be9c-177fd9d2eafc', null, 'Microsoft 365 Business Basic (no Teams)'],
  ['5a1c7b8d-0739-4ca8-bf69-ec87e69133ac', null, 'Microsoft 365 Business Standard (no Teams)'],
  ['00e1ec7b-e4a3-40d1-9441-b69b597ab222', null, 'Microsoft 365 Business Premium (no Teams)'],
]

const bundledById: SkuNames = new Map(bundled.map(([skuId, , name]) => [skuId, name]))

const withPartNumber = bundled.flatMap(([skuId, partNumber, name]) =>
  partNumber === null ? [] : [{ skuId, partNumber: partNumber.toUpperCase(), name }],
)
const bundledByPartNumber: SkuNames = new Map(withPartNumber.map(({ partNumber, name }) => [partNumber, name]))
const bundledPartNumberById: SkuNames = new Map(withPartNumber.map(({ skuId, partNumber }) => [skuId, partNumber]))

const isId = (text: string): boolean => /^\s*\{?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?\s*$/i.test(text)
