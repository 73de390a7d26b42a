export { mayRequest, seatsToAskFor } from './licences.ts'
export { refreshSkuNames, refreshWhenDue, skuNamesOf } from './refresh.ts'
export { isHiddenByDefault, shownName } from './sku-names.ts'
