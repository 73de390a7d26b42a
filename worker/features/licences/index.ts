export { bySku, inOrder, seatsIn, together } from './add-up.ts'
export { idleTogether } from './idle.ts'
export {
  RENEWALS_AHEAD_MS,
  mayRequest,
  readLicences,
  readLicencesAnd,
  readLicencesOf,
  seatsToAskFor,
} from './licences.ts'
export { holderColumns, isListed, notListedRead, shownAccount } from './shown-holder.ts'
export { inUnits, priceInForce } from './price.ts'
export type { ShownAccount } from './shown-holder.ts'
export { refreshSkuNames, refreshWhenDue, skuNamesOf } from './refresh.ts'
export { isHiddenByDefault, namesAmong, shownName } from './sku-names.ts'
