import type { msps, portals } from '../../../db/shard/schema.ts'
import { brandStyle, deriveBrand } from './brand.ts'
import type { DerivedBrand } from './brand.ts'

type Colours = { primaryColour: string; accentColour: string }
type Kept = DerivedBrand & { style: string }

const kept = new Map<string, Kept>()

/** The tones of a portal: its own colours where it has them, else its MSP's. Derived once per pair of colours. */
export const brandOf = (
  msp: Pick<typeof msps.$inferSelect, keyof Colours>,
  portal: Partial<Pick<typeof portals.$inferSelect, keyof Colours>> | null,
): Kept => {
  const primary = portal?.primaryColour ?? msp.primaryColour
  const accent = portal?.accentColour ?? msp.accentColour
  const key = `${primary} ${accent}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const derived = deriveBrand({ primary, accent })
  const brand = { ...derived, style: brandStyle(derived) }
  if (kept.size > 500) kept.clear()
  kept.set(key, brand)
  return brand
}
