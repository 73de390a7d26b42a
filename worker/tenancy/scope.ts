import { and, eq, exists, getTableColumns, getTableName, inArray, is, notExists, SQL, sql } from 'drizzle-orm'
import type { Placeholder } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { databaseOver, inspected, Refused } from '../../db/connect.ts'
import type { Database, Shard } from '../../db/connect.ts'
import * as schema from '../../db/shard/schema.ts'
import { Problem, missing, stale } from '../http/problem.ts'
import { checkStatement } from './fence.ts'
import type { Owner } from './fence.ts'
import { hashOf, newId } from './ids.ts'
import { ownershipOf, readableBelow, unaudited } from './ownership.ts'
import { ready } from './plan.ts'
import type { Answers, Plan, Select } from './plan.ts'
import { refuseArchived } from './portal-life.ts'
import { contactMaySee } from './visibility.ts'
import type { ContactKind, ContactPerson } from './visibility.ts'

/** Who acts. A visitor is somebody not signed in, such as a person accepting an invitation. */
export type Actor = { kind: 'staff' | 'contact' | 'api_key' | 'system' | 'visitor'; id: string; name: string }

/** What every scope stands on: one shard, one actor, one clock. */
export type Ground = {
  shard: Shard
  actor: Actor
  /** Milliseconds since 1970. */
  now: () => number
  requestId?: string | undefined
  /** Hints the queue that these jobs are due; the rows are the truth. */
  hint: (jobs: JobHint[]) => void
  /** The POST that must not happen twice, if the caller named it. */
  idempotency?: IdempotencyClaim | undefined
}

export type JobHint = { shard: string; mspId: string; jobId: string }
export type IdempotencyClaim = { key: string; bodyHash: string; settled: boolean }

type Row<T extends SQLiteTable> = T['$inferSelect']
type OwnedByMsp = SQLiteTable & { id: SQLiteColumn; mspId: SQLiteColumn }
type OwnedByCustomer = OwnedByMsp & { customerId: SQLiteColumn }
type OwnedByTenant = OwnedByMsp & { tenantId: SQLiteColumn }
type Versioned = { version: SQLiteColumn }
type Msps = typeof schema.msps
type Customers = typeof schema.customers
type Notices = typeof schema.notices
type Skus = typeof schema.skus
type TicketSettings = typeof schema.ticketSettings
type TicketNumbers = typeof schema.ticketNumbers
type RequestForms = typeof schema.requestForms
type SelfServiceDefaults = typeof schema.selfServiceDefaults
type BelowCustomer =
  | OwnedByCustomer
  | OwnedByTenant
  | Msps
  | Customers
  | Notices
  | Skus
  | TicketSettings
  | TicketNumbers
  | RequestForms
  | SelfServiceDefaults

export type MspScope = ReturnType<typeof forMsp>
export type CustomerScope = ReturnType<typeof forCustomer>
export type TenantScope = ReturnType<typeof forTenant>
export type ContactScope = ReturnType<typeof forContact>

type Describing<Table extends OwnedByMsp> = ReturnType<typeof describing<Table>>
/** What a plan of an MSP's, or of a contact's, reads is built with. */
export type MspReads = Describing<OwnedByMsp>
export type ContactReads = Describing<BelowCustomer>

/** Everything one MSP owns. Nobody but the doors to the shard (session, job, callback) makes one. */
export const forMsp = (ground: Ground, mspId: string) => {
  const stand = standOn(ground, { mspId })
  return {
    level: 'msp' as const,
    mspId,
    shardName: ground.shard.name,
    ...reading<OwnedByMsp>(stand),
    ...writing<OwnedByMsp, 'mspId'>(stand),
    ...moving(stand),
    forCustomer: (customerId: string) => forCustomer(ground, mspId, customerId),
    /** Hints the queue at a job that is due again. */
    hintJob: (jobId: string) => ground.hint([{ shard: ground.shard.name, mspId, jobId }]),
  }
}

/** What one customer of one MSP owns. No kind of MspScope: neither stands in for the other. */
export const forCustomer = (ground: Ground, mspId: string, customerId: string) => {
  const stand = standOn(ground, { mspId, customerId })
  return {
    level: 'customer' as const,
    customerId,
    ...reading<BelowCustomer>(stand),
    ...writing<OwnedByCustomer | Customers, 'mspId' | 'customerId'>(stand),
    forTenant: (tenantId: string) => forTenant(ground, mspId, customerId, tenantId),
    forContact: (person: ContactPerson) => forContact(ground, mspId, customerId, person),
  }
}

/** What was read from one Microsoft tenant of one customer. */
export const forTenant = (ground: Ground, mspId: string, customerId: string, tenantId: string) => {
  const stand = standOn(ground, { mspId, customerId, tenantId })
  return {
    level: 'tenant' as const,
    tenantId,
    customerId,
    ...reading<OwnedByTenant | Msps | Skus>(stand),
    ...writing<OwnedByTenant, 'mspId' | 'tenantId'>(stand),
    ofCustomer: forCustomer(ground, mspId, customerId),
  }
}

/** What one contact of a customer may see of it: each table's visibility predicate, applied. Reads only. */
export const forContact = (ground: Ground, mspId: string, customerId: string, person: ContactPerson) => ({
  level: 'contact' as const,
  customerId,
  person,
  ...reading<BelowCustomer>(standOn(ground, { mspId, customerId }), person),
  /** The contact's own doings are commits of their customer's scope. */
  ofCustomer: forCustomer(ground, mspId, customerId),
})

/** A write that has been described but not made. It is not a promise, so only commit() can make it. */
export class Write {
  readonly #statements: BatchItem<'sqlite'>[]
  readonly #changes: FieldChange[]
  readonly #table: string
  readonly #jobs: string[]
  readonly #provesTenant: boolean
  readonly #isNoNews: boolean

  constructor(
    table: string,
    statements: BatchItem<'sqlite'>[],
    changes: FieldChange[],
    {
      jobs = [],
      provesTenant = false,
      isNoNews = false,
    }: { jobs?: string[]; provesTenant?: boolean; isNoNews?: boolean } = {},
  ) {
    this.#table = table
    this.#statements = statements
    this.#changes = changes
    this.#jobs = jobs
    this.#provesTenant = provesTenant
    this.#isNoNews = isNoNews
  }

  /** Two writes that go together, as one. */
  static both(one: Write, other: Write): Write {
    return new Write(one.#table, [...one.#statements, ...other.#statements], [...one.#changes, ...other.#changes], {
      jobs: [...one.#jobs, ...other.#jobs],
      provesTenant: one.#provesTenant || other.#provesTenant,
      isNoNews: one.#isNoNews && other.#isNoNews,
    })
  }

  static parts(write: Write) {
    return {
      table: write.#table,
      statements: write.#statements,
      changes: write.#changes,
      jobs: write.#jobs,
      /** Rolls everything back unless the tenant of the scope is its customer's. */
      provesTenant: write.#provesTenant,
      /** Sets nothing but columns whose change is no news, so it may go without an entry. */
      isNoNews: write.#isNoNews,
    }
  }
}

export type FieldChange = schema.FieldChange

/** What a commit says of itself; it becomes the activity entry. `answer` is what a repeated POST is answered. */
export type Note = {
  action: `${string}.${string}`
  subject: { kind: string; id: string; name: string }
  /** The customer whose activity log shows it; a customer's own scope knows. */
  customerId?: string | null
  /** Staff may do this to an archived customer too; everything else asks them to restore it first. */
  alsoArchived?: true
  /** What it brings about in other things: entries of their own, behind this one and in this order. */
  also?: ToldNote[]
  answer?: Answer | DecidedAnswer | typeof ANSWER_WITH_SECRET
}

/** A note that says itself what changed. */
export type ToldNote = Note & { changes: FieldChange[] }

/** An answer to a POST, as it is given and, for who repeats the request, kept. */
export type Answer<Body = unknown> = { status: 200 | 201 | 202 | 204; body: Body; headers?: Record<string, string> }

/**
 * An answer that names what only the commit itself decides: `body` works it out in the database, as JSON, before any of the
 * commit's writes.
 */
export type DecidedAnswer = { status: 201 | 202; body: SQL; headers?: Record<string, string> }

/** The answer shows a secret once, so it is not kept: who repeats the request is told so. */
export const ANSWER_WITH_SECRET = { status: 409, body: null } as const

/** Reads that go along with a plan. Where they are of one customer, the fence holds each of them to that customer, too. */
export type Asides = { selects: readonly Select[]; customerId?: string | undefined }

/** How reads are described: for one owner, or with placeholders for any of a kind. */
const describing = <Table extends OwnedByMsp>(db: Database, owner: OwnerKind, person?: ContactKind) => {
  const mine = <T extends Table>(table: T, more?: SQL) =>
    and(
      ...ownedConditions(db, table, owner),
      person === undefined
        ? undefined
        : contactMaySee(table, person, { db, owned: (other) => ownedConditions(db, other, owner) }),
      apart(more),
    )

  return {
    /** The condition that binds a table to this scope, for selects that read a table itself. */
    mine,

    /** An owner-filtered stand-in for a table, to be joined and counted in place of it. */
    view: <T extends Table>(table: T, name: string) => db.select().from(table).where(mine(table)).as(name),

    /** Selects over views, or over tables bound with `mine`: the fence refuses any other statement. */
    select: db.select.bind<Database['select']>(db),
  }
}

const reading = <Table extends OwnedByMsp>({ ground, owner, shard, db }: Stand, person?: ContactPerson) => {
  const reads = describing<Table>(db, owner, person)

  const list = async <T extends Table>(
    table: T,
    options: { where?: SQL | undefined; orderBy?: (SQL | SQLiteColumn)[]; limit?: number } = {},
  ): Promise<Row<T>[]> => (await listing(table, options)) as Row<T>[]

  const listing = <T extends Table>(
    table: T,
    options: { where?: SQL | undefined; orderBy?: (SQL | SQLiteColumn)[]; limit?: number } = {},
  ) => {
    const query = db
      .select()
      .from(table as SQLiteTable)
      .where(reads.mine(table, options.where))
      .orderBy(...(options.orderBy ?? []))
      .$dynamic()
    return options.limit === undefined ? query : query.limit(options.limit)
  }

  const followWith = async <Name extends string, Selects extends readonly Select[]>(
    plan: Plan<Describing<Table>, Name, Selects>,
    asked: Record<Name, string | number>,
    { selects, customerId }: Asides,
  ): Promise<{ answers: Answers<Selects>; also: unknown[] }> => {
    const kind = kindOf(owner, person)
    const { statements, answersOf } = plan.boundTo(
      kind.name,
      () => describing<Table>(nowhere, kind.owner, kind.person),
      {
        ...asked,
        ...owner,
        contactId: person?.contactId ?? '',
      },
    )
    const asides = selects.map(ready)
    if (customerId !== undefined) for (const aside of asides) checkStatement(aside, { ...owner, customerId }, 'msp')
    const [only, ...more] = [...statements, ...asides.map(({ sql: text, params }) => ({ sql: text, params }))]
    if (only === undefined) return { answers: answersOf([]), also: [] }
    const rows =
      more.length === 0 ? [await shard.read(only)] : (await shard.batch([only, ...more])).map((result) => result.rows)
    return {
      answers: answersOf(rows.slice(0, statements.length)),
      also: asides.map(({ rowsOf }, position) => rowsOf(rows[statements.length + position] ?? [])),
    }
  }

  return {
    actor: ground.actor,
    now: ground.now,
    ...reads,
    list,

    async find<T extends Table>(table: T, id: string, noun: string): Promise<Row<T>> {
      const [row] = await list(table, { where: eq(table.id, id), limit: 1 })
      if (row === undefined) throw missing(noun)
      return row
    },

    /** The first row, or undefined: for what may well not be there. */
    async first<T extends Table>(table: T, where: SQL | undefined): Promise<Row<T> | undefined> {
      return (await list(table, { where, limit: 1 }))[0]
    },

    /** Several reads in one round trip. Columns of one select need names of their own. */
    readAll: db.batch.bind<Database['batch']>(db),

    /** The same by a plan, which was compiled before: for what is read with every click. */
    async follow<Name extends string, Selects extends readonly Select[]>(
      plan: Plan<Describing<Table>, Name, Selects>,
      asked: Record<Name, string | number>,
    ): Promise<Answers<Selects>> {
      return (await followWith(plan, asked, { selects: [] })).answers
    },

    /** The same, and in its round trip other reads of this scope, which `also` answers in their order. */
    followWith,
  }
}

const refuse = () => Promise.reject(new Error('A plan is only built here; a scope follows it.'))
/** What plans are built on: no shard, so that nothing of the request that happened to come first is kept with them. */
const nowhere = databaseOver({ name: 'nowhere', read: refuse, batch: refuse })

/** Any owner and contact of the same kind: what the statements of a plan depend on, and no value that is somebody's. */
const kindOf = (owner: Owner, person: ContactPerson | undefined) => ({
  name: [
    ...Object.keys(owner),
    person?.isPortalAdmin,
    person?.isPortalUser,
    person?.readsLicences === true,
    person?.seesLicences === true,
  ].join(' '),
  owner: {
    mspId: sql.placeholder('mspId'),
    ...(owner.customerId === undefined ? {} : { customerId: sql.placeholder('customerId') }),
    ...(owner.tenantId === undefined ? {} : { tenantId: sql.placeholder('tenantId') }),
  } satisfies OwnerKind,
  person: person === undefined ? undefined : { ...person, contactId: sql.placeholder('contactId') },
})

const writing = <Table extends OwnedByMsp, Fixed extends 'mspId' | 'customerId' | 'tenantId'>({
  ground,
  owner,
  db,
}: Stand) => {
  const mine = (table: SQLiteTable & { mspId: SQLiteColumn }, more?: SQL) =>
    and(...ownedConditions(db, table, owner), apart(more))
  /** A tenant's row that had to be there was looked for below its customer, so it proves whose the tenant is. */
  const guarded = { provesTenant: owner.tenantId !== undefined }

  /** Adds a row. What stands there as SQL is worked out inside the commit, and is not told in the activity. */
  const add = <T extends Table>(
    table: T,
    row: { [K in keyof Omit<T['$inferInsert'], Fixed>]: Omit<T['$inferInsert'], Fixed>[K] | SQL },
  ): Write => {
    const whole = { ...row, ...ownersIn(table, owner) } as T['$inferInsert']
    return new Write(nameOf(table), [db.insert(table as SQLiteTable).values(whole)], described(table, {}, row))
  }

  /**
   * Sets columns of a row that was read before. Guarded: when the row has changed since (or is gone), the whole
   * commit rolls back as stale.
   */
  const change = <T extends Table>(
    table: T & Versioned,
    before: Row<T>,
    set: Partial<Omit<T['$inferInsert'], Fixed | 'id' | 'version'>>,
  ): Write => {
    const known = versionOf(before)
    const update = db
      .update(table as SQLiteTable)
      .set({ ...set, version: known.version + 1 })
      .where(mine(table, and(eq(table.id, known.id), eq(table.version, known.version))))
    const changes = described(table, before, set)
    return new Write(nameOf(table), [update, guard(db)], changes, { ...guarded, isNoNews: changes.length === 0 })
  }

  /** Sets columns where a condition still holds, as for spending a single-use secret; none or several rows roll back. */
  const changeWhere = <T extends Table>(
    table: T,
    id: string,
    condition: SQL | undefined,
    set: Partial<{
      [K in keyof Omit<T['$inferInsert'], Fixed | 'id'>]: Omit<T['$inferInsert'], Fixed | 'id'>[K] | SQL
    }>,
  ): Write => {
    const update = db
      .update(table as SQLiteTable)
      .set(set)
      .where(mine(table, and(eq(table.id, id), condition)))
    return new Write(nameOf(table), [update, guard(db)], [], guarded)
  }

  const remove = <T extends Table>(table: T & Versioned, before: Row<T>): Write => {
    const known = versionOf(before)
    const deletion = db
      .delete(table as SQLiteTable)
      .where(mine(table, and(eq(table.id, known.id), eq(table.version, known.version))))
    return new Write(nameOf(table), [deletion, guard(db)], described(table, before, undefined), guarded)
  }

  /** Removes the rows of a table that a condition names, however many there are. */
  const removeWhere = <T extends Table>(table: T, condition: SQL | undefined): Write =>
    new Write(nameOf(table), [db.delete(table as SQLiteTable).where(mine(table, condition))], [])

  /** Sets columns of every row that a condition names, however many there are, unguarded. */
  const changeAll = <T extends Table>(
    table: T,
    condition: SQL | undefined,
    set: Partial<{
      [K in keyof Omit<T['$inferInsert'], Fixed | 'id'>]: Omit<T['$inferInsert'], Fixed | 'id'>[K] | SQL
    }>,
  ): Write =>
    new Write(
      nameOf(table),
      [
        db
          .update(table as SQLiteTable)
          .set(set)
          .where(mine(table, condition)),
      ],
      [],
      { isNoNews: Object.keys(set).every((field) => SILENT.has(columnName(table, field))) },
    )

  /** Writes nothing: the whole commit rolls back as stale when one of these rows has changed since it was read, or is gone. */
  const unchanged = <T extends Table>(table: T & Versioned, before: { id: string; version: number }[]): Write => {
    const known = JSON.stringify(before.map(({ id, version }) => [id, version]))
    // Crossed, so that the rows asked for are looked up one by one and not each row of the table against all of them.
    const found = sql`(select count(*) from json_each(${known}) known cross join ${table} on ${mine(table)} and ${table.id} = json_extract(known.value, '$[0]') and ${table.version} = json_extract(known.value, '$[1]'))`
    return new Write(nameOf(table), [rollBackUnless(db, sql`${found} = ${before.length}`)], [])
  }

  /** Writes nothing: says in the activity what other writes of the commit change, where their rows do not say it in words. */
  const telling = (...changes: FieldChange[]): Write => new Write('', [], changes)

  /**
   * Adds many rows in one statement (they travel as one JSON parameter), or overwrites those that are there.
   * `key` names the columns that tell rows apart, below the owner's.
   */
  const putAll = <T extends Table>(table: T, rows: Omit<T['$inferInsert'], Fixed>[]): Write =>
    new Write(nameOf(table), rows.length === 0 ? [] : [upsert(db, table, rows, owner)], [])

  /** Adds many rows in one statement; one that is there already, whosever it is, rolls everything back (Refused). */
  const addAll = <T extends Table>(table: T, rows: Omit<T['$inferInsert'], Fixed>[]): Write =>
    new Write(nameOf(table), rows.length === 0 ? [] : [insertAll(db, table, rows, owner)], [])

  /** Lets the commit happen only if this holds at its place among the writes; otherwise all of it rolls back as stale. */
  const onlyIf = (condition: SQL): Write => new Write('', [rollBackUnless(db, condition)], [], { isNoNews: true })

  /** A job, to be done after this commit. While one with the same natural key is alive, no second one is added. */
  const later = (work: DescribedJob): Write => {
    const id = newId(ground.now())
    const row = {
      mspId: owner.mspId,
      id,
      customerId: owner.customerId ?? work.customerId ?? null,
      kind: work.kind,
      payload: work.payload,
      naturalKey: work.naturalKey,
      subjectName: work.subjectName,
      state: 'waiting' as const,
      dueAt: work.dueAt ?? ground.now(),
      createdAt: ground.now(),
    }
    return new Write('jobs', [db.insert(schema.jobs).values(row).onConflictDoNothing()], [], { jobs: [id] })
  }

  const batch = async (
    statements: BatchItem<'sqlite'>[],
    parts: ReturnType<typeof Write.parts>[],
  ): Promise<unknown[]> => {
    const [first, ...rest] = statements
    if (first === undefined) return []
    const jobIds = parts.flatMap(({ jobs }) => jobs)
    const made = async (): Promise<unknown[]> => {
      try {
        return owner.tenantId === undefined || parts.some(({ provesTenant }) => provesTenant)
          ? await db.batch([first, ...rest])
          : await db.batch([rollBackUnless(db, tenantIsTheirs(db, owner)), first, ...rest])
      } catch (error) {
        if (error instanceof Refused && error.kind === 'guard') throw stale()
        throw error
      }
    }
    const results = await made()
    if (jobIds.length > 0) ground.hint(jobIds.map((jobId) => ({ shard: ground.shard.name, mspId: owner.mspId, jobId })))
    return results
  }

  const entryOf = (note: ToldNote, place = 0) => ({
    id: newId(ground.now() + place),
    customerId: owner.customerId ?? note.customerId ?? null,
    at: ground.now(),
    actorKind: ground.actor.kind,
    actorId: ground.actor.id,
    actorName: ground.actor.name,
    action: note.action,
    subjectKind: note.subject.kind,
    subjectId: note.subject.id,
    subjectName: note.subject.name,
    changes: note.changes,
    requestId: ground.requestId ?? null,
  })

  /** Of many entries of one customer, whose they are is bound once. */
  const belowOwner = ({ customerId, ...entry }: ReturnType<typeof entryOf>) =>
    owner.customerId === undefined ? { ...entry, customerId } : entry

  /** The customer that a commit is for, where it must not be archived: what staff put away they restore first. */
  const servedIn = ({ alsoArchived, customerId }: Note): string | undefined =>
    alsoArchived === true || (ground.actor.kind !== 'staff' && ground.actor.kind !== 'api_key')
      ? undefined
      : (owner.customerId ?? customerId ?? undefined)

  const archivedRow = (customerId: string) =>
    db
      .select({ state: schema.customers.state })
      .from(schema.customers)
      .where(mine(schema.customers, and(eq(schema.customers.id, customerId), eq(schema.customers.state, 'archived'))))

  /** Asked inside the commit, so that it holds for whoever archives it at the same moment; read again only to say why. */
  const sealServed = async (
    served: string | undefined,
    notes: [ToldNote, ...ToldNote[]],
    writes: Write[],
    reads: BatchItem<'sqlite'>[] = [],
  ): Promise<unknown[]> => {
    if (served === undefined) return seal(notes, writes, reads)
    try {
      return await seal(notes, [onlyIf(notExists(archivedRow(served))), ...writes], reads)
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'stale') throw error
      for (const row of await archivedRow(served)) refuseArchived(row)
      throw error
    }
  }

  /** Answers what the reads at its end came to, last. */
  const seal = async (
    notes: [ToldNote, ...ToldNote[]],
    writes: Write[],
    reads: BatchItem<'sqlite'>[] = [],
  ): Promise<unknown[]> => {
    const parts = writes.map(Write.parts)
    const [first, ...others] = notes.flatMap((note) => [
      entryOf(note),
      // Ids of one moment sort by chance.
      ...(note.also ?? []).map((one, place) => entryOf(one, place + 1)),
    ])
    if (first === undefined) throw new Error('A commit says what it does.')
    const entries =
      others.length === 0
        ? db.insert(schema.activities).values({ ...first, mspId: owner.mspId })
        : insertAll(db, schema.activities, [first, ...others].map(belowOwner), owner)
    const results = await batch(
      [...claimed(db, ground, owner, notes[0]), ...parts.flatMap(({ statements }) => statements), entries, ...reads],
      parts,
    )
    if (ground.idempotency !== undefined) ground.idempotency.settled = true
    return results
  }

  return {
    add,
    change,
    changeWhere,
    remove,
    removeWhere,
    changeAll,
    unchanged,
    telling,
    putAll,
    addAll,
    onlyIf,
    later,

    /**
     * All the writes or none, with the activity entry that cannot be left out and the jobs they cause.
     * Throws Problem `stale` when a guard failed, `conflict` when the customer is archived and staff change something of
     * it (see `alsoArchived`), and Refused when a constraint did.
     */
    async commit(note: Note, ...writes: [Write, ...Write[]]): Promise<void> {
      const changes = writes.flatMap((write) => Write.parts(write).changes)
      await sealServed(servedIn(note), [{ ...note, changes }], writes)
    },

    /** As commit(), and in its round trip a read of what the writes have left: for what the database itself decides. */
    async commitAndRead<Read extends BatchItem<'sqlite'> & PromiseLike<unknown>>(
      note: Note,
      read: Read,
      ...writes: [Write, ...Write[]]
    ): Promise<Awaited<Read>> {
      const changes = writes.flatMap((write) => Write.parts(write).changes)
      const results = await sealServed(servedIn(note), [{ ...note, changes }], writes, [read])
      // The read is the last statement of its batch.
      return results.at(-1) as Awaited<Read>
    },

    /**
     * As commit(), for writes that concern several subjects at once: each note becomes an entry of its own and says
     * its own changes, since one statement may change many rows. The first one's `answer` is what is kept. An MSP's
     * scope leaves it to whoever describes them whether an archived customer may be among the subjects.
     */
    async commitEach(notes: [ToldNote, ...ToldNote[]], ...writes: [Write, ...Write[]]): Promise<void> {
      await sealServed(owner.customerId === undefined ? undefined : servedIn(notes[0]), notes, writes)
    },

    /** An entry by itself, for what changes nothing and is to be known all the same: much was read at once, say. */
    async tell(note: ToldNote): Promise<void> {
      await seal([note], [])
    },

    /**
     * Quiet facts, for tables declared unaudited and for columns whose change is no news: session touches, leases,
     * pages of a sync, when something was read last.
     */
    async record(...writes: Write[]): Promise<void> {
      const parts = writes.map(Write.parts)
      for (const { table, isNoNews } of parts) {
        if (!unaudited.has(table) && !isNoNews)
          throw new Error(`"${table}" is audited: its writes go through commit().`)
      }
      await batch(
        parts.flatMap(({ statements }) => statements),
        parts,
      )
    },
  }
}

/** What only the MSP may do, since both customers are its own. */
const moving = ({ owner, db }: Stand) => ({
  /**
   * Lets rows that are known by a person's id be another person's: a merge puts one row of somebody in place of another. A row keeps
   * its id, so others take their place; one that is the other's already fails the commit (Refused).
   */
  passOn: <T extends OwnedByMsp>(table: T, condition: SQL | undefined, to: string): Write => {
    const theirs = and(...ownedConditions(db, table, owner), apart(condition))
    const others = Object.values(columnsOf(table)).flatMap((column) =>
      column === undefined || column.name === 'msp_id' || column.name === 'id' ? [] : [sql.identifier(column.name)],
    )
    const rest = sql.join(others, sql`, `)
    return new Write(
      nameOf(table),
      [
        db.run(
          sql`insert into ${sql.identifier(nameOf(table))} (msp_id, id, ${rest}) select ${owner.mspId}, ${to}, ${rest} from ${table} where ${theirs}`,
        ),
        db.delete(table as SQLiteTable).where(theirs),
      ],
      [],
    )
  },

  /**
   * Gives the rows of one customer that a condition names to another customer of this MSP: what hangs on them follows
   * by its foreign keys, and the other's own key refuses a customer who is not there.
   */
  moveToCustomer: <T extends OwnedByMsp & { customerId: SQLiteColumn }>(
    table: T,
    from: string,
    to: string,
    condition?: SQL,
  ): Write =>
    new Write(
      nameOf(table),
      [
        db
          .update(table as SQLiteTable)
          .set({ customerId: to })
          .where(and(...ownedConditions(db, table, owner), eq(table.customerId, from), apart(condition))),
      ],
      [],
    ),
})

export type DescribedJob = {
  kind: string
  payload: unknown
  naturalKey: string
  subjectName: string
  dueAt?: number
  customerId?: string
}

type Stand = { ground: Ground; owner: Owner; shard: Shard; db: Database }
type OwnerKind = { [Level in keyof Owner]: string | Placeholder }

/** What reads and writes of one owner stand on: the shard, behind the fence. */
const standOn = (ground: Ground, owner: Owner): Stand => {
  const shard = inspected(ground.shard, (statement) => checkStatement(statement, owner))
  return { ground, owner, shard, db: databaseOver(shard) }
}

/**
 * `meta.changes` is known only once a batch has committed, so the guard stands inside it: when the statement before
 * it changed no row (or several), reading its "JSON" fails and everything rolls back.
 */
const guard = (db: Database) => rollBackUnless(db, sql`changes() = 1`)

const rollBackUnless = (db: Database, condition: SQL) =>
  db.run(sql`select case when ${condition} then 1 else json('stale') end`)

/** In parentheses, so that an `or` in a condition of raw SQL does not undo what stands before it. */
const apart = (condition: SQL | undefined) => (condition === undefined ? undefined : sql`(${condition})`)

/** Whether the tenant of a tenant's scope is its customer's: asked with every statement, since its rows do not say. */
const tenantIsTheirs = (db: Database, { mspId, customerId = '', tenantId = '' }: OwnerKind): SQL => {
  const { tenants } = schema
  return exists(
    db
      .select({ id: tenants.id })
      .from(tenants)
      .where(and(eq(tenants.mspId, mspId), eq(tenants.customerId, customerId), eq(tenants.id, tenantId))),
  )
}

const ownedConditions = (db: Database, table: SQLiteTable, owner: OwnerKind): SQL[] => {
  const ownership = ownershipOf.get(nameOf(table))
  if (ownership === undefined) throw new Error(`"${nameOf(table)}" is not a shard table.`)
  const columns = columnsOf(table)
  const column = (key: string) => {
    const found = columns[key]
    if (found === undefined) throw new Error(`"${nameOf(table)}" has no ${key}.`)
    return found
  }
  const conditions = [eq(column('mspId'), owner.mspId)]
  if (owner.customerId === undefined || readableBelow.has(nameOf(table))) return conditions
  if (ownership.level === 'tenant') {
    if (owner.tenantId !== undefined)
      return [...conditions, eq(column('tenantId'), owner.tenantId), tenantIsTheirs(db, owner)]
    const { tenants } = schema
    const ofCustomer = db
      .select({ id: tenants.id })
      .from(tenants)
      .where(and(eq(tenants.mspId, owner.mspId), eq(tenants.customerId, owner.customerId)))
    return [...conditions, inArray(column('tenantId'), ofCustomer)]
  }
  if (nameOf(table) === 'customers') return [...conditions, eq(column('id'), owner.customerId)]
  return [...conditions, eq(column('customerId'), owner.customerId)]
}

const ownersIn = (table: SQLiteTable, owner: Owner): Partial<Owner> => {
  const columns = getTableColumns(table)
  return Object.fromEntries(Object.entries(owner).filter(([key]) => key in columns))
}

const nameOf = (table: SQLiteTable): string => getTableName(table)

/** What names a row as it was read; a `Versioned` table has both columns, which a row of a table yet unnamed does not tell. */
const versionOf = (row: object) => row as { id: string; version: number }

/** The columns of a table of SQLite are SQLite's: its builder makes no others. */
const columnsOf = (table: SQLiteTable) => getTableColumns(table) as Record<string, SQLiteColumn | undefined>

const columnName = (table: SQLiteTable, field: string): string => columnsOf(table)[field]?.name ?? field

const SECRET = /_(hash|sealed)$/
/** Columns whose change is no news: keys, versions, and what is derived or kept for the next run. */
const SILENT = new Set([
  'version',
  'msp_id',
  'customer_id',
  'tenant_id',
  'id',
  'created_at',
  'sort_name',
  'last_sign_in_at',
  'user_cursor',
  'next_sync_at',
  'last_good_sync_at',
  'health_rank',
  'health_reasons',
  'health_since',
  'health_due_at',
  'health_as_of',
  'report_due_at',
  'departures',
  'request_hour',
  'request_count',
  'sign_ins_as_of',
  'sign_ins_unknown_since',
  'sign_ins_unknown_why',
  'groups_as_of',
  'groups_unknown_since',
  'mailboxes_as_of',
  'mailboxes_unknown_since',
  'managers_as_of',
  'managers_unknown_since',
  'manager_id',
  'mailbox_count',
  'mailbox_purpose',
  'mailbox_asked_at',
  'parts_due_at',
  'parts_unread',
  'object_key',
  'upload_hash',
  'added_by_kind',
  'added_by_id',
  'added_by_name',
  // How a ticket stands is told by its state, and by its history.
  'changed_at',
  'attention',
  'waiting_since',
  'waited_ms',
  'first_answered_at',
  'resolved_at',
  'ended_at',
  'reopen_until_at',
  'first_answer_due_at',
  'resolution_due_at',
  'due_at',
  'rated_at',
  'assignee',
  'about_user',
  'about_tenant',
  'requester',
  'raised_by_kind',
  'raised_by',
  'merged_into',
  'reply_hash',
  'deleted_at',
  // Whom a notice is for is told by name.
  'for_all',
  // What a look at a host name found; how the name stands by it is told.
  'found',
  'checked_at',
  'next_check_at',
  'proof_text',
])

/** Before and after of each column that a write sets to something else; secrets become dots. */
const described = (
  table: SQLiteTable,
  before: Record<string, unknown>,
  /** Undefined for a removal. */
  after: Record<string, unknown> | undefined,
): FieldChange[] => {
  if (unaudited.has(nameOf(table))) return []
  const columns = columnsOf(table)
  return Object.keys(after ?? before).flatMap((field) => {
    const column = columns[field]
    if (column === undefined || SILENT.has(column.name) || is(after?.[field], SQL)) return []
    const [old, now] = [before[field] ?? null, after?.[field] ?? null]
    if (JSON.stringify(old) === JSON.stringify(now)) return []
    const shown = (value: unknown) => (SECRET.test(column.name) && value !== null ? '•••' : value)
    return [{ table: nameOf(table), field, before: shown(old), after: shown(now) }]
  })
}

const claimed = (db: Database, ground: Ground, owner: Owner, note: Note): BatchItem<'sqlite'>[] => {
  const claim = ground.idempotency
  if (claim === undefined || claim.settled) return []
  if (note.answer === undefined) throw new Error(`"${note.action}" does not say what a repeated request is answered.`)
  const row = {
    mspId: owner.mspId,
    id: claim.key,
    customerId: owner.customerId ?? null,
    bodyHash: claim.bodyHash,
    status: note.answer.status,
    answer: note.answer.body,
    headers: 'headers' in note.answer ? note.answer.headers : {},
    createdAt: ground.now(),
  }
  return [db.insert(schema.idempotencyKeys).values(row)]
}

const upsert = (
  db: Database,
  table: SQLiteTable,
  rows: Record<string, unknown>[],
  owner: Owner,
): BatchItem<'sqlite'> => {
  const columns = columnsOf(table)
  const key = getTableConfig(table).primaryKeys[0]?.columns ?? []
  const keyNames = new Set(key.map(({ name }) => name))
  const updates = Object.keys(rows[0] ?? {})
    .map((field) => columns[field]?.name ?? '')
    // A row that is there keeps its owner: put again under another, it stays where it was.
    .filter((name) => !keyNames.has(name) && name !== 'customer_id' && name !== 'tenant_id')
    .map((name) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`)
  const onConflict = updates.length === 0 ? sql`do nothing` : sql`do update set ${sql.join(updates, sql`, `)}`
  return db.run(
    sql`${inserted(table, rows, owner)} on conflict (${sql.join(
      key.map(({ name }) => sql.identifier(name)),
      sql`, `,
    )}) ${onConflict}`,
  )
}

const insertAll = (
  db: Database,
  table: SQLiteTable,
  rows: Record<string, unknown>[],
  owner: Owner,
): BatchItem<'sqlite'> => db.run(inserted(table, rows, owner))

/** Many rows, which travel as one JSON parameter. */
const inserted = (table: SQLiteTable, rows: Record<string, unknown>[], owner: Owner): SQL => {
  const columns = columnsOf(table)
  const owners = ownersIn(table, owner) as Record<string, string>
  const fields = Object.keys(rows[0] ?? {})
  const encoded = rows.map((row) => fields.map((field) => forDriver(columns[field], row[field])))
  const selected = [
    ...Object.values(owners).map((value) => sql`${value}`),
    ...fields.map((_, position) => sql.raw(`json_extract(value, '$[${position}]')`)),
  ]
  const names = [...Object.keys(owners), ...fields].map((field) => sql.identifier(columns[field]?.name ?? ''))
  return sql`insert into ${sql.identifier(nameOf(table))} (${sql.join(names, sql`, `)}) select ${sql.join(selected, sql`, `)} from json_each(${JSON.stringify(encoded)}) where true`
}

const forDriver = (column: SQLiteColumn | undefined, value: unknown): unknown =>
  value === null || value === undefined || column === undefined ? null : column.mapToDriverValue(value)

/** The row an idempotency key is stored under: who asked, for what, with which key. */
export const idempotencyKeyOf = (actor: Actor, route: string, key: string): Promise<string> =>
  hashOf(`${actor.kind}\n${actor.id}\n${route}\n${key}`)
