import { fraction, seedOf } from '../random.ts'
import { skus, type Sku } from './skus.ts'

/** A SKU of a tenant: how its seats relate to the people who hold it. */
export type PlannedSku = {
  sku: Sku
  /** Seats bought, from the number assigned on the first day. */
  bought: (assignedCount: number) => number
  /** Seats bought that are past their end and in the grace period. */
  inGracePeriod: number
  isFree: boolean
}

type Size = { tenantId: string; userCount: number }
type Holder = { index: number; userType: 'Member' | 'Guest'; accountEnabled: boolean; department: string | null }

const salt = { main: 41, blocked: 42, powerBi: 43, flow: 44, copilot: 45 } as const

/** The SKUs a tenant holds: business plans up to 300 people, enterprise plans beyond. */
export function licencePlan(population: Size): PlannedSku[] {
  const seed = seedOf(population.tenantId)
  const overUsed = (assigned: number): number => Math.max(0, assigned - 2)
  const some = (assigned: number): number => assigned + Math.max(1, Math.floor(assigned * 0.06))
  const many = (assigned: number): number => assigned + Math.max(3, Math.floor(assigned * 0.2))
  const exact = (assigned: number): number => Math.max(1, assigned)
  const isOverUsed = seed % 3 !== 1
  const common = [
    planned(skus.exchangePlan1, exact),
    planned(skus.powerBiPro, some),
    { sku: skus.powerAutomateFree, bought: () => 10_000, inGracePeriod: 0, isFree: true },
  ]
  switch (sizeOf(population)) {
    case 'tiny':
      return [planned(skus.businessStandard, some), planned(skus.businessBasic, many), ...common]
    case 'small':
      return [
        planned(skus.businessPremium, isOverUsed ? overUsed : some),
        planned(skus.businessBasic, many),
        planned(skus.copilot, exact),
        ...common,
        ...(seed % 2 === 0 ? [{ ...planned(skus.visioPlan1, () => 0), inGracePeriod: 2 }] : []),
      ]
    case 'large':
      return [
        planned(skus.e3, some),
        planned(skus.e5, exact),
        planned(skus.f3, many),
        planned(skus.copilot, some),
        ...common,
      ]
  }
}

/** Whether the tenant has Entra ID P1, without which Microsoft keeps no sign-in activity. */
export function hasEntraP1(population: Size): boolean {
  return sizeOf(population) !== 'tiny'
}

/** The SKU ids a person holds on the first day. Guests and the administrator's account hold none. */
export function licencesOf(population: Size & { accounts: readonly { isAdmin: boolean }[] }, person: Holder): string[] {
  const seed = seedOf(population.tenantId)
  if (person.userType === 'Guest' || population.accounts[person.index]?.isAdmin === true) return []
  if (!person.accountEnabled && fraction(seed, person.index, salt.blocked) < 0.5) return []
  const isNamed = population.accounts[person.index] !== undefined
  const main = mainSku(sizeOf(population), isNamed ? 0 : fraction(seed, person.index, salt.main))
  const held = main === undefined ? [] : [main.skuId]
  const isOfficeWorker = main !== undefined && main !== skus.exchangePlan1 && main !== skus.f3
  if (isOfficeWorker && fraction(seed, person.index, salt.powerBi) < 0.08) held.push(skus.powerBiPro.skuId)
  if (isOfficeWorker && fraction(seed, person.index, salt.flow) < 0.05) held.push(skus.powerAutomateFree.skuId)
  if (main !== undefined && hasCopilot(main) && fraction(seed, person.index, salt.copilot) < 0.04) {
    held.push(skus.copilot.skuId)
  }
  return held
}

function sizeOf(population: Size): 'tiny' | 'small' | 'large' {
  if (population.userCount < 30) return 'tiny'
  return population.userCount <= 300 ? 'small' : 'large'
}

function mainSku(size: 'tiny' | 'small' | 'large', chance: number): Sku | undefined {
  switch (size) {
    case 'tiny':
      return shares(chance, [0.68, skus.businessStandard], [0.22, skus.businessBasic], [0.05, skus.exchangePlan1])
    case 'small':
      return shares(chance, [0.7, skus.businessPremium], [0.19, skus.businessBasic], [0.06, skus.exchangePlan1])
    case 'large':
      return shares(chance, [0.62, skus.e3], [0.12, skus.e5], [0.17, skus.f3], [0.04, skus.exchangePlan1])
  }
}

function shares(chance: number, ...steps: [number, Sku][]): Sku | undefined {
  let upTo = 0
  for (const [share, sku] of steps) {
    upTo += share
    if (chance < upTo) return sku
  }
  return undefined
}

function hasCopilot(main: Sku): boolean {
  return main === skus.businessPremium || main === skus.e3 || main === skus.e5
}

function planned(sku: Sku, bought: (assignedCount: number) => number): PlannedSku {
  return { sku, bought, inGracePeriod: 0, isFree: false }
}
