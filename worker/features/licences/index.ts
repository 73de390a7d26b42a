export { isHiddenByDefault, skuName } from './sku-names.ts'
