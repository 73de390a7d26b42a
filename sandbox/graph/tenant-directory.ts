import type { PersonChange, PersonFacts, State, Tenant } from '../state.ts'
import { licencePlan, licencesOf, type PlannedSku } from './licence-plan.ts'
import { managerPlace, personAt, personIndex, type Person, type Population } from './people.ts'
import { guidOf } from '../random.ts'
import type { Sku } from './skus.ts'

export type Seats = {
  sku: Sku
  boughtCount: number
  inGracePeriodCount: number
  assignedCount: number
  isFree: boolean
  subscriptions: BoughtSubscription[]
}
export type BoughtSubscription = { id: string; commerceId: string; seatCount: number; isInGracePeriod: boolean }

type Override = { facts: PersonFacts; removed: 'changed' | 'deleted' | undefined }

/**
 * The people and seats of one tenant as they are now: generated, with the tenant's changes laid over them.
 * Nothing is built ahead of a question, so 100,000 people cost what is asked of them.
 */
export class TenantDirectory {
  readonly tenant: Tenant
  readonly population: Population
  readonly #overrides = new Map<number, Override>()
  #addedCount = 0
  #readCount = 0
  #firstDay: Map<string, number> | undefined

  constructor(tenant: Tenant, bornAt: Date) {
    this.tenant = tenant
    this.population = {
      tenantId: tenant.tenantId,
      domain: tenant.domain,
      userCount: tenant.userCount,
      accounts: tenant.accounts,
      bornAt,
    }
    this.#catchUp()
  }

  /** The number of the last change; 0 before the first. */
  get sequence(): number {
    return this.tenant.changes.at(-1)?.sequence ?? 0
  }

  /** How many places there are, including those of removed people. */
  get placeCount(): number {
    this.#catchUp()
    return this.tenant.userCount + this.#addedCount
  }

  /** The person at a place, or undefined when removed. */
  person(index: number): Person | undefined {
    if (index >= this.placeCount) return undefined
    const override = this.#overrides.get(index)
    if (override?.removed !== undefined) return undefined
    const person = personAt(this.population, index)
    return override === undefined ? person : { ...person, ...override.facts }
  }

  /** Why there is nobody at this place, when somebody was removed from it. */
  removal(index: number): 'changed' | 'deleted' | undefined {
    this.#catchUp()
    return this.#overrides.get(index)?.removed
  }

  /** Who leads somebody; nobody, once they were removed. */
  managerOf({ index }: Person): Person | undefined {
    const told = this.#overrides.get(index)?.facts.managerId
    if (told !== undefined) return told === null ? undefined : this.find(told)
    const place = managerPlace(this.population, index)
    return place === undefined ? undefined : this.person(place)
  }

  find(idOrName: string): Person | undefined {
    const index = personIndex(this.tenant.tenantId, idOrName)
    if (index !== undefined) return this.person(index)
    const wanted = idOrName.toLowerCase()
    if (!wanted.includes('@')) return undefined
    for (const person of this.people()) if (person.userPrincipalName.toLowerCase() === wanted) return person
    return undefined
  }

  *people(): Generator<Person> {
    for (let index = 0; index < this.placeCount; index += 1) {
      const person = this.person(index)
      if (person !== undefined) yield person
    }
  }

  /** Places that were touched after one change and up to another, each once, in the order of their last touch. */
  changedPlaces(after: number, upTo: number): number[] {
    const touched = new Map<number, number>()
    for (const change of this.tenant.changes) {
      if (change.sequence <= after || change.sequence > upTo) continue
      touched.delete(change.index)
      touched.set(change.index, change.sequence)
    }
    return [...touched.keys()]
  }

  /** Adds a change to the tenant's history. */
  record(state: State, change: PersonEvent): void {
    this.tenant.changes.push({ ...change, sequence: this.sequence + 1 })
    state.changed()
  }

  seats(): Seats[] {
    const atFirst = this.#firstDayCounts()
    const now = this.#countsNow(atFirst)
    return licencePlan(this.tenant).map((planned) => this.#seatsOf(planned, atFirst, now))
  }

  #seatsOf(planned: PlannedSku, atFirst: Map<string, number>, now: Map<string, number>): Seats {
    const { sku } = planned
    const boughtFirst = planned.bought(atFirst.get(sku.skuId) ?? 0)
    const boughtCount = Math.max(0, boughtFirst + (this.tenant.seatChanges[sku.partNumber] ?? 0))
    return {
      sku,
      boughtCount,
      inGracePeriodCount: planned.inGracePeriod,
      assignedCount: now.get(sku.skuId) ?? 0,
      isFree: planned.isFree,
      subscriptions: this.#subscriptionsOf(planned, boughtCount),
    }
  }

  /** Larger purchases were made in two steps, so they renew on two days. */
  #subscriptionsOf(planned: PlannedSku, boughtCount: number): BoughtSubscription[] {
    const later = planned.isFree || boughtCount < 20 ? 0 : Math.floor(boughtCount / 5)
    const parts = [
      { name: 'first', seatCount: boughtCount - later, isInGracePeriod: false },
      { name: 'later', seatCount: later, isInGracePeriod: false },
      { name: 'lapsed', seatCount: planned.inGracePeriod, isInGracePeriod: true },
    ].filter((part) => part.seatCount > 0)
    return parts.map((part) => ({
      id: guidOf(`${this.tenant.tenantId}/${planned.sku.skuId}/${part.name}`),
      commerceId: guidOf(`${this.tenant.tenantId}/${planned.sku.skuId}/${part.name}/commerce`),
      seatCount: part.seatCount,
      isInGracePeriod: part.isInGracePeriod,
    }))
  }

  #firstDayCounts(): Map<string, number> {
    if (this.#firstDay !== undefined) return this.#firstDay
    const counts = new Map<string, number>()
    for (let index = 0; index < this.tenant.userCount; index += 1) {
      for (const skuId of personAt(this.population, index).skuIds) addTo(counts, skuId, 1)
    }
    this.#firstDay = counts
    return counts
  }

  #countsNow(atFirst: Map<string, number>): Map<string, number> {
    const counts = new Map(atFirst)
    for (let index = this.tenant.userCount; index < this.placeCount; index += 1) {
      for (const skuId of this.person(index)?.skuIds ?? []) addTo(counts, skuId, 1)
    }
    for (const index of this.#overrides.keys()) {
      if (index >= this.tenant.userCount) continue
      for (const skuId of licencesOf(this.population, personAt(this.population, index))) addTo(counts, skuId, -1)
      for (const skuId of this.person(index)?.skuIds ?? []) addTo(counts, skuId, 1)
    }
    return counts
  }

  #catchUp(): void {
    const { changes } = this.tenant
    for (; this.#readCount < changes.length; this.#readCount += 1) {
      const change = changes[this.#readCount]
      if (change !== undefined) this.#apply(change)
    }
  }

  #apply(change: PersonChange): void {
    const before = this.#overrides.get(change.index)
    switch (change.kind) {
      case 'added':
        this.#addedCount += 1
        return
      case 'removed':
        this.#overrides.set(change.index, {
          facts: before?.facts ?? {},
          removed: change.reason,
        })
        return
      case 'set':
        this.#overrides.set(change.index, {
          facts: { ...before?.facts, ...change.facts },
          removed: undefined,
        })
        return
    }
  }
}

/** A change before the tenant's history has given it its number. */
export type PersonEvent =
  | { index: number; kind: 'added' }
  | { index: number; kind: 'set'; facts: PersonFacts }
  | { index: number; kind: 'removed'; reason: 'changed' | 'deleted' }

/** Keeps one directory per tenant, made anew when the state was reset under it. */
export class TenantDirectories {
  readonly #state: State
  readonly #known = new Map<string, TenantDirectory>()

  constructor(state: State) {
    this.#state = state
  }

  of(tenant: Tenant): TenantDirectory {
    const known = this.#known.get(tenant.tenantId)
    if (known !== undefined && known.tenant === tenant) return known
    const directory = new TenantDirectory(tenant, this.#state.bornAt)
    this.#known.set(tenant.tenantId, directory)
    return directory
  }
}

function addTo(counts: Map<string, number>, key: string, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount)
}
