import type { LicenceUsage, SeatHolderList } from '../api/shapes.ts'

export type {
  Licence,
  LicenceUsage,
  Renewal,
  SeatHolder,
  SeatHolderList,
  ServiceRequestSummary,
} from '../api/shapes.ts'

/** Only those who have been idle for so long. */
export type IdleDays = '30' | '60' | '90'

/** How the parts of a licence are read: the portal and the admin area ask at addresses of their own. */
export type LicenceSource = {
  holders: (skuId: string, idleDays: IdleDays | undefined, cursor: string | null) => Promise<SeatHolderList>
  usage: (skuId: string) => Promise<LicenceUsage>
}
