import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { activities, jobs, staff, staffInvitations } from '../../../db/shard/schema.ts'
import { sweep } from '../../work.ts'
import { moveClock, now } from '../../clock.ts'
import { shardNamed } from '../../env.ts'
import { fakeAssets } from '../../test/fake-assets.ts'
import { usedTwentyTimes } from '../../test/held-commits.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, bodyOf, call, environment, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import type { StagedMsp } from '../../test/stage.ts'
import { newId, newSecret } from '../../tenancy/ids.ts'
import { mailToken } from '../../tenancy/mail-token.ts'
import type { StaffRole } from '../../tenancy/permissions.ts'
import { sendStaffMail, staffMailFor } from '../mail/staff-mail.jobs.ts'
import { FIRST_WAIT_SECONDS, freeFailureCount } from '../sign-in/attempts.ts'
import { RESERVED_MS } from './staff-emails.ts'
import { INVITATIONS_PER_DAY_MAX, INVITATION_MS, INVITATION_PAUSE_MS } from './staff.ts'

const PASSWORD = 'marble otter window seven'
const ALL = '/api/msp-portal/staff'
const queue = holdQueue()
fakeAssets({ 'common-passwords.txt': 'unbreakable77\n' })
afterEach(() => {
  moveClock(undefined)
  queue.take()
  vi.restoreAllMocks()
})

type Member = { id: string; name: string; email: string; role: string; state: string; version: number }

/** An address that nobody else has. */
const newEmail = () => `${newId(now())}@staff.example`
const addressOf = (email: string) =>
  environment.directory
    .prepare(`select state, msp_id as mspId from staff_emails where email = ?`)
    .bind(email)
    .first<{ state: string; mspId: string }>()

const newScene = async (role: StaffRole = 'owner', of?: StagedMsp) => {
  const msp = of ?? (await newMsp())
  const actor = await newStaff(msp, role)
  const invite = (email: string, as = actor, body: object = {}) =>
    call(ADMIN, 'POST', ALL, { as, body: { name: 'Ravi Shah', email, role: 'technician', ...body } })
  const invited = async (email = newEmail(), body: object = {}) => {
    const answer = await invite(email, actor, body)
    expect(answer.status, await answer.clone().text()).toBe(201)
    return bodyOf<Member>(answer)
  }
  const rowOf = (id: string) => msp.scope.find(staff, id, 'staff')
  const tokenOf = async (staffId: string) => {
    const rows = await msp.scope.list(staffInvitations, { where: eq(staffInvitations.staffId, staffId) })
    const newest = rows.toSorted((one, other) => (one.id < other.id ? 1 : -1))[0]
    const secret = await mailToken(environment, 'staff_invitation', msp.mspId, newest?.id ?? '')
    return [msp.shard, msp.mspId, secret].join('.')
  }
  const act = (as: { cookie: string }, method: string, path: string, body?: object, version?: number) =>
    call(ADMIN, method, `${ALL}/${path}`, {
      as,
      ...(body === undefined ? {} : { body }),
      ...(version === undefined ? {} : { headers: { 'if-match': `"v${version}"` } }),
    })
  const listed = async () => (await bodyOf<{ items: Member[] }>(await call(ADMIN, 'GET', ALL, { as: actor }))).items
  return { msp, actor, invite, invited, rowOf, tokenOf, act, listed }
}

const invitedEarlier = {
  action: 'staff.invited' as const,
  subject: { kind: 'staff', id: 'somebody', name: 'Somebody' },
  changes: [],
}

/** Something that happens between what an invitation is decided by and its commit. */
const beforeTheyAreInvited = (msp: StagedMsp, happens: () => Promise<unknown>): void => {
  const shard = shardNamed(environment, msp.shard)
  const batch = shard.batch.bind(shard)
  const spy = vi.spyOn(shard, 'batch').mockImplementation(async (statements) => {
    if (!statements.some(({ sql }) => sql.startsWith('insert into "staff_invitations"'))) return batch(statements)
    spy.mockRestore()
    await happens()
    return batch(statements)
  })
}

const changeActor = (
  msp: StagedMsp,
  { id, name }: { id: string; name: string },
  set: Partial<Pick<typeof staff.$inferSelect, 'role' | 'disabled'>>,
) =>
  msp.scope.commit(
    { action: 'stage.change', subject: { kind: 'staff', id, name } },
    msp.scope.changeAll(staff, eq(staff.id, id), set),
  )

const lookUp = (token: string, host = ADMIN) => call(host, 'POST', '/api/auth/invitation/lookup', { body: { token } })
const accept = (token: string, password = PASSWORD, host = ADMIN) =>
  call(host, 'POST', '/api/auth/invitation/acceptance', {
    body: { token, password },
    headers: { 'cf-connecting-ip': newSecret() },
  })
const signIn = (email: string) =>
  call(ADMIN, 'PUT', '/api/auth/session', {
    body: { email, password: PASSWORD },
    headers: { 'cf-connecting-ip': newSecret() },
  })
const isIn = async (as: { cookie: string }) => (await call(ADMIN, 'GET', '/api/auth/session', { as })).status
const cookieIn = (answer: Response) => ({ cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' })

describe('Somebody invited to the staff', () => {
  it('is reserved, kept, mailed a link, chooses a password and is in, and signs in with it from then on', async () => {
    const { msp, actor, invited, tokenOf, listed } = await newScene()
    const person = await invited()
    expect(person).toMatchObject({ name: 'Ravi Shah', role: 'technician', state: 'invited', version: 1 })
    expect(await addressOf(person.email)).toEqual({ state: 'reserved', mspId: msp.mspId })
    const rows = await msp.scope.list(jobs)
    expect(rows.map(({ kind }) => kind).toSorted()).toEqual(['mail.staff', 'staff.settle_email'])
    const mail = rows.find(({ kind }) => kind === 'mail.staff')
    const payload = sendStaffMail.payload.parse(mail?.payload)
    const message = await staffMailFor(environment, msp.scope, payload, 'job', now())
    const token = await tokenOf(person.id)
    expect(message).toMatchObject({ to: { address: person.email }, subject: 'Join Northwind IT' })
    expect(message?.text).toContain(`https://${ADMIN}/invitation#token=${token}`)
    expect(message?.text).toContain(actor.name)
    expect(message?.text).not.toMatch(/portico/i)
    const everything = [rows, await msp.scope.list(activities), await msp.scope.list(staffInvitations)]
    expect(JSON.stringify(everything)).not.toContain(token.split('.').at(-1))

    expect(await bodyOf(await lookUp(token))).toMatchObject({ email: person.email, companyName: 'Northwind IT' })
    const accepted = await accept(token)
    expect(accepted.status, await accepted.clone().text()).toBe(200)
    expect(await isIn(cookieIn(accepted))).toBe(200)
    await queue.deliver()
    expect((await addressOf(person.email))?.state).toBe('active')
    expect((await signIn(person.email)).status).toBe(200)
    expect((await listed()).find(({ id }) => id === person.id)?.state).toBe('active')
  })

  it('joins once, also when the link is used by twenty at once, of whom few have a password hashed', async () => {
    const { msp, invited, tokenOf } = await newScene()
    const token = await tokenOf((await invited()).id)
    const hashed = freeFailureCount.account
    const answers = await usedTwentyTimes(msp.shard, 20 - hashed, () => accept(token))
    const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other)
    expect(statuses).toEqual([
      200,
      ...Array.from({ length: hashed - 1 }, () => 410),
      ...Array.from({ length: 20 - hashed }, () => 429),
    ])
    expect((await lookUp(token)).status).toBe(410)
  }, 60_000)

  it('is kept out by a link that ran out, was replaced or taken back, is made up, or is used elsewhere', async () => {
    const { msp, actor, invited, tokenOf, act } = await newScene()
    const person = await invited()
    const first = await tokenOf(person.id)
    const portal = await newPortal(await newCustomer(msp))
    expect((await accept(first, PASSWORD, portal.host)).status).toBe(404)
    const other = await newMsp()
    expect((await accept(first.replace(msp.mspId, other.mspId).replace(msp.shard, other.shard))).status).toBe(404)
    expect((await accept(`${first.slice(0, -1)}!`)).status).toBe(404)
    const later = now() + INVITATION_PAUSE_MS
    moveClock(() => later)
    const again = await act(actor, 'POST', `${person.id}/invitation`)
    expect(again.status).toBe(202)
    expect([(await lookUp(first)).status, (await accept(first)).status]).toEqual([410, 410])
    const second = await tokenOf(person.id)
    expect((await lookUp(second)).status).toBe(200)
    const late = now() + INVITATION_MS
    moveClock(() => late)
    expect((await accept(second)).status).toBe(410)
    moveClock(undefined)
    expect((await act(actor, 'DELETE', `${person.id}/invitation`)).status).toBe(204)
    expect([(await lookUp(second)).status, (await accept(second)).status]).toEqual([404, 404])
  })

  it('once taken back is gone, and their address is free for another team', async () => {
    const { actor, invited, act, listed } = await newScene()
    const other = await newScene()
    const person = await invited()
    const refused = await other.invite(person.email)
    expect(refused.status).toBe(422)
    expect((await bodyOf<{ errors: unknown }>(refused)).errors).toEqual([
      { pointer: '/email', detail: 'This e-mail address belongs to another team here. Use another.' },
    ])
    expect((await act(actor, 'DELETE', `${person.id}/invitation`)).status).toBe(204)
    expect((await listed()).map(({ id }) => id)).not.toContain(person.id)
    await queue.deliver()
    expect(await addressOf(person.email)).toBeNull()
    expect((await other.invite(person.email)).status).toBe(201)
  })

  it('twice at once is invited once, and keeps the address', async () => {
    const { invite } = await newScene()
    const email = newEmail()
    const answers = await Promise.all([invite(email), invite(email)])
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 422])
    await queue.deliver()
    expect((await addressOf(email))?.state).toBe('active')
  })

  it('by two teams at once is invited by one', async () => {
    const [one, other] = [await newScene(), await newScene()]
    const email = newEmail()
    const answers = await Promise.all([one.invite(email), other.invite(email)])
    expect(answers.map(({ status }) => status).toSorted((first, second) => first - second)).toEqual([201, 422])
  })

  it('again waits a few minutes, so that nobody is flooded with mails', async () => {
    const { msp, actor, invited, act } = await newScene()
    const at = now()
    moveClock(() => at)
    const { id } = await invited()
    const again = () => act(actor, 'POST', `${id}/invitation`)
    const mails = () => msp.scope.list(jobs, { where: eq(jobs.kind, 'mail.staff') })
    moveClock(() => at + INVITATION_PAUSE_MS - 1000)
    const refused = await again()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    moveClock(() => at + INVITATION_PAUSE_MS)
    const answers = await Promise.all(Array.from({ length: 20 }, again))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(await mails()).toHaveLength(2)
  })

  it('is not called by an address of the web', async () => {
    const { actor, invite } = await newScene()
    expect((await invite(newEmail(), actor, { name: 'You won, see https://prize.example' })).status).toBe(422)
  })

  it('and who never answers keeps the address from nobody: it is free again once the invitation ran out', async () => {
    const { msp, invited } = await newScene()
    const other = await newScene()
    const at = now()
    moveClock(() => at)
    const person = await invited()
    await queue.deliver()
    expect(await addressOf(person.email)).toEqual({ state: 'active', mspId: msp.mspId })
    moveClock(() => at + INVITATION_MS - 1)
    await sweep(environment)
    const early = await newScene('owner', other.msp)
    expect((await early.invite(person.email)).status, 'while the link works').toBe(422)
    moveClock(() => at + INVITATION_MS + 1)
    await sweep(environment)
    expect(await addressOf(person.email)).toBeNull()
    const theirs = await newScene('owner', other.msp)
    expect((await theirs.invite(person.email)).status).toBe(201)
    const mine = await newScene('owner', msp)
    expect((await mine.act(mine.actor, 'POST', `${person.id}/invitation`)).status, 'the other team’s by now').toBe(409)
  })

  it('again keeps the address for as long as the newest link works, and for good once they joined', async () => {
    const { msp, invited, tokenOf } = await newScene()
    const at = now()
    moveClock(() => at)
    const person = await invited()
    await queue.deliver()
    moveClock(() => at + INVITATION_MS / 2)
    const half = await newScene('owner', msp)
    expect((await half.act(half.actor, 'POST', `${person.id}/invitation`)).status).toBe(202)
    await queue.deliver()
    moveClock(() => at + INVITATION_MS + 1)
    await sweep(environment)
    expect(await addressOf(person.email)).toEqual({ state: 'active', mspId: msp.mspId })
    expect((await accept(await tokenOf(person.id))).status).toBe(200)
    moveClock(() => at + 3 * INVITATION_MS)
    await sweep(environment)
    expect(await addressOf(person.email)).toEqual({ state: 'active', mspId: msp.mspId })
    expect((await signIn(person.email)).status).toBe(200)
  })

  it('is told a few times that an address is another team’s, and then waits, however many are tried at once', async () => {
    const other = await newScene()
    const taken = [(await other.invited()).email, (await other.invited()).email]
    const { msp, invite, invited } = await newScene()
    const own = await invited()
    const at = now()
    moveClock(() => at)
    for (let count = 0; count < freeFailureCount.account + 1; count += 1)
      expect((await invite(own.email)).status, 'one of their own tells nothing').toBe(422)
    const answers = await Promise.all(Array.from({ length: 12 }, (_, number) => invite(taken[number % 2] ?? '')))
    expect(answers.map(({ status }) => status).toSorted((one, next) => one - next)).toEqual([
      ...Array.from({ length: freeFailureCount.account }, () => 422),
      ...Array.from({ length: 12 - freeFailureCount.account }, () => 429),
    ])
    const free = newEmail()
    expect((await invite(free)).headers.get('retry-after')).toBe(String(FIRST_WAIT_SECONDS))
    expect(await addressOf(free)).toBeNull()
    const elsewhere = await newScene()
    expect((await elsewhere.invite(newEmail())).status).toBe(201)
    moveClock(() => at + FIRST_WAIT_SECONDS * 1000)
    expect((await invite(free)).status).toBe(201)
    const again = await invite(taken[0] ?? '')
    expect(again.status).toBe(422)
    expect((await invite(newEmail())).headers.get('retry-after'), 'nothing is forgiven by a free one').toBe(
      String(2 * FIRST_WAIT_SECONDS),
    )
    expect(await msp.scope.list(staff, { where: eq(staff.email, free) })).toHaveLength(1)
  })

  it('is one of so many a day, however many of them were taken back', async () => {
    const { msp, actor, invite, invited, act } = await newScene()
    const at = now()
    moveClock(() => at)
    await msp.scope.commitEach(
      [invitedEarlier, ...Array.from({ length: INVITATIONS_PER_DAY_MAX - 2 }, () => invitedEarlier)],
      msp.scope.removeWhere(jobs, undefined),
    )
    const { id } = await invited()
    expect((await act(actor, 'DELETE', `${id}/invitation`)).status).toBe(204)
    const email = newEmail()
    const refused = await invite(email)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, String(24 * 3600)])
    expect(await addressOf(email)).toBeNull()
    moveClock(() => at + 24 * 3_600_000)
    const tomorrow = await newScene('owner', msp)
    expect((await tomorrow.invite(email)).status).toBe(201)
  })

  it('by somebody who is blocked at the same moment is not invited, and nobody is told that the team is full', async () => {
    const { msp, actor, invite } = await newScene('admin')
    beforeTheyAreInvited(msp, () => changeActor(msp, actor, { disabled: true }))
    const email = newEmail()
    expect((await invite(email)).status).toBe(412)
    expect(await addressOf(email)).toBeNull()
  })

  it('by somebody whose role is taken at the same moment is not invited again', async () => {
    const { msp, actor, invited, act } = await newScene('admin')
    const at = now()
    moveClock(() => at)
    const { id } = await invited()
    moveClock(() => at + INVITATION_PAUSE_MS)
    beforeTheyAreInvited(msp, () => changeActor(msp, actor, { role: 'viewer' }))
    expect((await act(actor, 'POST', `${id}/invitation`)).status).toBe(403)
    expect(await msp.scope.list(staffInvitations)).toHaveLength(1)
  })

  it('again is told when more may go out, also when the last of a day goes out at the same moment', async () => {
    const { msp, actor, invited, act } = await newScene()
    const at = now()
    moveClock(() => at)
    const { id } = await invited()
    moveClock(() => at + INVITATION_PAUSE_MS)
    beforeTheyAreInvited(msp, () =>
      msp.scope.commitEach(
        [invitedEarlier, ...Array.from({ length: INVITATIONS_PER_DAY_MAX - 2 }, () => invitedEarlier)],
        msp.scope.removeWhere(jobs, undefined),
      ),
    )
    const refused = await act(actor, 'POST', `${id}/invitation`)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBe((24 * 3_600_000 - INVITATION_PAUSE_MS) / 1000)
  })

  it('by an admin is not an owner', async () => {
    const { invite, actor } = await newScene('admin')
    const email = newEmail()
    expect((await invite(email, actor, { role: 'owner' })).status).toBe(403)
    expect(await addressOf(email)).toBeNull()
  })
})

describe('A process that is killed', () => {
  it('between reserving and committing leaves nothing behind once the sweep came by', async () => {
    const { msp, invite } = await newScene()
    const email = newEmail()
    const spy = vi.spyOn(shardNamed(environment, msp.shard), 'batch').mockRejectedValueOnce(new Error('killed'))
    const dropping = vi.spyOn(environment.directory, 'prepare')
    dropping.mockImplementation((sql: string) => {
      if (sql.startsWith('delete from staff_emails')) throw new Error('killed')
      return D1_PREPARE.call(environment.directory, sql)
    })
    expect((await invite(email)).status).toBe(500)
    expect(spy).toHaveBeenCalled()
    vi.restoreAllMocks()
    expect((await addressOf(email))?.state).toBe('reserved')
    const later = now() + RESERVED_MS + 1
    moveClock(() => later)
    await sweep(environment)
    expect(await addressOf(email)).toBeNull()
    expect(await msp.scope.list(staff, { where: eq(staff.email, email) })).toEqual([])
  })

  it('between committing and letting in is finished by the sweep', async () => {
    const { msp, invited } = await newScene()
    const person = await invited()
    // The job is lost with its row, as though nobody had ever queued it.
    await msp.scope.record(msp.scope.removeWhere(jobs, undefined))
    queue.take()
    const later = now() + RESERVED_MS + 1
    moveClock(() => later)
    await sweep(environment)
    await sweep(environment)
    await queue.deliver()
    expect((await addressOf(person.email))?.state).toBe('active')
  })

  it('after an invitation was taken back still gives the address back', async () => {
    const { actor, invited, act } = await newScene()
    const person = await invited()
    await queue.deliver()
    expect((await act(actor, 'DELETE', `${person.id}/invitation`)).status).toBe(204)
    queue.take()
    expect((await addressOf(person.email))?.state).toBe('active')
    await sweep(environment)
    await queue.deliver()
    expect(await addressOf(person.email)).toBeNull()
  })
})

describe('A role', () => {
  it('is changed at once: every session of the person ends', async () => {
    const { msp, actor, act, rowOf } = await newScene('admin')
    const person = await newStaff(msp, 'viewer')
    const answer = await act(actor, 'PUT', `${person.id}/role`, { role: 'technician' }, 1)
    expect(answer.status, await answer.clone().text()).toBe(200)
    expect(await bodyOf(answer)).toMatchObject({ role: 'technician', version: 2 })
    expect([await isIn(person), (await rowOf(person.id)).role]).toEqual([401, 'technician'])
    const [entry] = await msp.scope.list(activities, { where: eq(activities.action, 'staff.role_changed') })
    expect(entry).toMatchObject({ actorId: actor.id, subjectId: person.id })
    expect(entry?.changes).toEqual([{ table: 'staff', field: 'role', before: 'viewer', after: 'technician' }])
    expect((await act(actor, 'PUT', `${person.id}/role`, { role: 'viewer' }, 1)).status).toBe(412)
    expect((await act(actor, 'PUT', `${person.id}/role`, { role: 'technician' }, 2)).status).toBe(200)
  })

  it('of an owner is no admin’s to change or to give', async () => {
    const { msp, actor, act } = await newScene('admin')
    const owner = await newStaff(msp, 'owner')
    expect((await act(actor, 'PUT', `${owner.id}/role`, { role: 'viewer' })).status).toBe(403)
    expect((await act(actor, 'PUT', `${actor.id}/role`, { role: 'owner' })).status).toBe(403)
    expect((await act(actor, 'PUT', `${owner.id}/block`)).status).toBe(403)
    expect(await isIn(owner)).toBe(200)
  })

  it('of the last owner is not changed, nor are they blocked', async () => {
    const { msp, actor, act, rowOf } = await newScene('owner')
    // Neither counts: one never joined, the other is blocked.
    const row = { name: 'Away', role: 'owner' as const, createdAt: now() }
    await msp.scope.commit(
      { action: 'stage.staff', subject: { kind: 'staff', id: 'away', name: 'Away' } },
      msp.scope.add(staff, { ...row, id: newId(now()), email: newEmail() }),
      msp.scope.add(staff, { ...row, id: newId(now()), email: newEmail(), confirmedAt: now(), disabled: true }),
    )
    const answer = await act(actor, 'PUT', `${actor.id}/role`, { role: 'admin' })
    expect([answer.status, (await bodyOf(answer))['detail']]).toEqual([
      409,
      'This is the only owner who can sign in. Make somebody else an owner first.',
    ])
    expect((await act(actor, 'PUT', `${actor.id}/block`)).status).toBe(409)
    expect((await rowOf(actor.id)).role).toBe('owner')
  })

  it.each(['role', 'block'] as const)('two owners who take it from each other at once (%s) leave one', async (what) => {
    for (let round = 0; round < 5; round += 1) {
      const { msp, actor, act } = await newScene('owner')
      const other = await newStaff(msp, 'owner')
      const body = what === 'role' ? { role: 'viewer' } : undefined
      const answers = await Promise.all([
        act(actor, 'PUT', `${other.id}/${what}`, body),
        act(other, 'PUT', `${actor.id}/${what}`, body),
      ])
      const left = (await msp.scope.list(staff)).filter(({ role, disabled }) => role === 'owner' && !disabled)
      expect(left, answers.map(({ status }) => status).join()).toHaveLength(1)
    }
  })
})

describe('Somebody blocked', () => {
  it('is out at their next click and cannot sign in until they are let in again', async () => {
    const { actor, invited, tokenOf, act } = await newScene('admin')
    const person = await invited()
    const as = cookieIn(await accept(await tokenOf(person.id)))
    await queue.deliver()
    expect((await act(actor, 'PUT', `${person.id}/block`)).status).toBe(204)
    expect((await act(actor, 'PUT', `${person.id}/block`)).status).toBe(204)
    expect([await isIn(as), (await signIn(person.email)).status]).toEqual([401, 401])
    expect((await act(actor, 'DELETE', `${person.id}/block`)).status).toBe(204)
    expect([await isIn(as), (await signIn(person.email)).status]).toEqual([401, 200])
  })

  it('is never oneself', async () => {
    const { actor, act } = await newScene('owner')
    const answer = await act(actor, 'PUT', `${actor.id}/block`)
    expect(answer.status).toBe(409)
    expect(await isIn(actor)).toBe(200)
  })
})

const D1_PREPARE = environment.directory.prepare.bind(environment.directory)
