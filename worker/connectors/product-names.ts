/** What Microsoft calls a licence. */
export type ProductName = { skuId: string; partNumber: string; name: string }

/** Microsoft's own table of its licences. Every failure to read it is a ConnectorFault; so is a table that is not whole. */
export interface ProductNames {
  /** Each licence once, ids in lower case. */
  all(): Promise<ProductName[]>
}
