import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { ATTEMPT_COUNT_MAX } from '../../jobs/job.ts'
import { contacts, invitations, jobs, msps, portals } from '../../../db/shard/schema.ts'
import { moveClock, now } from '../../clock.ts'
import { holdQueue } from '../../test/held-queue.ts'
import { ADMIN, call, environment, newContact, newCustomer, newMsp, newPortal, newStaff } from '../../test/stage.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { INVITATION_MS, INVITATION_PAUSE_MS } from '../contacts/contacts.ts'
import { mailFor, sendMail, welcomeMail } from './mail.jobs.ts'
import { invitationText, welcomeText } from './mail.words.ts'

const noon = Date.parse('2026-11-20T12:00:00Z')
const queue = holdQueue()

afterEach(() => {
  moveClock(undefined)
  queue.take()
})

/** Dana of Fabrikam, invited at noon; the mail has not left. */
const newScene = async () => {
  moveClock(() => noon)
  const msp = await newMsp('Northwind IT')
  const technician = await newStaff(msp)
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const { id, email } = await newContact(portal, ['portal_user'], { access: 'none' })
  const scope = msp.scope.forCustomer(portal.customerId)
  const set = async <T extends typeof contacts | typeof portals | typeof invitations>(
    table: T,
    values: Partial<T['$inferInsert']>,
  ) => {
    await scope.commit(
      { action: 'stage.change', subject: { kind: 'contact', id, name: '' } },
      scope.changeAll<typeof contacts | typeof portals | typeof invitations>(table, undefined, values),
    )
  }
  await set(contacts, { name: 'Dana Reyes' })
  const path = `/api/msp-portal/customers/${portal.customerId}/contacts/${id}`
  const invite = () => call(ADMIN, 'POST', `${path}/invitation`, { as: technician })
  expect((await invite()).status).toBe(202)
  const [row] = await scope.list(jobs)
  const jobId = row?.id ?? ''
  const payload = sendMail.payload.parse(row?.payload)
  return {
    msp,
    portal,
    scope,
    set,
    id,
    email,
    path,
    technician,
    invite,
    jobId,
    job: () => scope.find(jobs, jobId, 'job'),
    mail: () => mailFor(environment, msp.scope, payload, jobId, now()),
  }
}

describe('An invitation’s mail', () => {
  it('is for its person, from the MSP, in the name of the portal', async () => {
    const { msp, portal, email, jobId, mail } = await newScene()
    await msp.scope.commit(
      { action: 'stage.mail', subject: { kind: 'organisation', id: msp.mspId, name: msp.name } },
      msp.scope.changeAll(msps, undefined, {
        mailFromName: 'Northwind help desk',
        mailReplyTo: 'help@northwind.example',
      }),
    )
    const message = await mail()
    expect(message).toMatchObject({
      messageId: `<${jobId}@mail.portal.test>`,
      from: { name: 'Northwind help desk', address: 'portal@mail.portal.test' },
      replyTo: 'help@northwind.example',
      to: { name: 'Dana Reyes', address: email },
      subject: 'Your access to the Fabrikam Dental portal',
    })
    for (const body of [message?.text ?? '', message?.html ?? '']) {
      expect(body).toContain('Hello Dana Reyes')
      expect(body).toContain('Northwind IT')
      expect(body).toMatch(/until Friday,? 27 November 2026 at 12:00/)
      expect(body).toContain(`https://${portal.host}`)
      expect(body).toContain('01632 960 100')
      expect(body).not.toMatch(/portico/i)
    }
    expect(message?.html).toContain('#3a5488')
  })

  it('is answered to the MSP’s help e-mail where no address for answers is set, and to nobody where neither is', async () => {
    const { msp, mail } = await newScene()
    const set = (values: { mailReplyTo: string | null; helpEmail: string | null }) =>
      msp.scope.commit(
        { action: 'stage.mail', subject: { kind: 'organisation', id: msp.mspId, name: msp.name } },
        msp.scope.changeAll(msps, undefined, values),
      )
    await set({ mailReplyTo: null, helpEmail: 'help@northwind.example' })
    expect((await mail())?.replyTo).toBe('help@northwind.example')
    await set({ mailReplyTo: 'answers@northwind.example', helpEmail: 'help@northwind.example' })
    expect((await mail())?.replyTo).toBe('answers@northwind.example')
    await set({ mailReplyTo: null, helpEmail: null })
    expect(await mail()).not.toHaveProperty('replyTo')
  })

  it('carries the link behind the number sign, where no log sees it, and nothing else that opens anything', async () => {
    const { portal, scope, mail } = await newScene()
    const text = (await mail())?.text ?? ''
    const token = new RegExp(`https://${portal.host}/invitation#token=([\\w-]{43})`).exec(text)?.[1]
    const [invitation] = await scope.list(invitations)
    expect(await hashOf(token ?? '')).toBe(invitation?.tokenHash)
    expect(text).not.toMatch(/[?&]token=/)
  })

  it('is the same mail however often it is sent', async () => {
    const { mail } = await newScene()
    const first = await mail()
    moveClock(() => noon + 3_600_000)
    expect(await mail()).toEqual(first)
  })

  it('wears the portal’s own name and colours, whatever is in them', async () => {
    const { set, mail } = await newScene()
    await set(portals, { displayName: 'Fabrikam <b>&</b> Co', primaryColour: '#0b7a75', accentColour: '#b3261e' })
    const message = await mail()
    expect(message?.subject).toBe('Your access to the Fabrikam <b>&</b> Co portal')
    expect(message?.html).toContain('#0b7a75')
    expect(message?.html).toContain('Fabrikam &lt;b&gt;&amp;&lt;/b&gt; Co')
    expect(message?.html).not.toContain('<b>&</b>')
  })

  it('tells the time where the MSP is', async () => {
    const { msp, mail } = await newScene()
    await msp.scope.commit(
      { action: 'stage.zone', subject: { kind: 'organisation', id: msp.mspId, name: msp.name } },
      msp.scope.changeAll(msps, undefined, { timeZone: 'Australia/Sydney', locale: 'en-US' }),
    )
    expect((await mail())?.text).toMatch(/Friday, November 27, 2026 at 11:00\sPM/)
  })
})

describe('A mail that is to leave', () => {
  it('waits while the mail server cannot be reached, says so, and is given up in the end', async () => {
    const { job } = await newScene()
    await queue.deliver()
    const first = await job()
    expect(first).toMatchObject({
      state: 'waiting',
      attemptCount: 1,
      trouble: 'The mail server could not be reached.',
    })
    expect(first.dueAt).toBeGreaterThan(noon)
    for (let attempt = 2; attempt <= ATTEMPT_COUNT_MAX; attempt += 1) {
      const { dueAt } = await job()
      moveClock(() => dueAt)
      await queue.deliver()
    }
    expect(await job()).toMatchObject({
      state: 'parked',
      attemptCount: ATTEMPT_COUNT_MAX,
      trouble: 'The mail server could not be reached.',
    })
  })

  it.each([
    ['withdrawn', { revokedAt: noon }],
    ['used', { consumedAt: noon }],
  ])('does not when its invitation was %s meanwhile', async (_, values) => {
    const { set, job, mail } = await newScene()
    await set(invitations, values)
    expect(await mail()).toBeUndefined()
    await queue.deliver()
    expect(await job()).toMatchObject({ state: 'done', trouble: null })
  })

  it('does not when a newer one was asked for: that one leaves', async () => {
    const { scope, invite, jobId } = await newScene()
    moveClock(() => noon + INVITATION_PAUSE_MS)
    expect((await invite()).status).toBe(202)
    await queue.deliver()
    const states = (await scope.list(jobs)).map(({ id, state }) => [id === jobId ? 'older' : 'newer', state])
    expect(Object.fromEntries(states)).toEqual({ older: 'done', newer: 'waiting' })
  })

  it('does not once its invitation has run out, and staff can read that', async () => {
    const { job } = await newScene()
    moveClock(() => noon + INVITATION_MS)
    await queue.deliver()
    expect(await job()).toMatchObject({
      state: 'parked',
      trouble: 'This invitation ran out before its mail could leave. Invite Dana Reyes again.',
    })
  })

  it('does not without an address, and staff can read that', async () => {
    const { set, job } = await newScene()
    await set(contacts, { email: null })
    await queue.deliver()
    expect(await job()).toMatchObject({ state: 'parked', trouble: 'Dana Reyes has no e-mail address.' })
  })

  it('is one mail, though it is asked for twice while it waits', async () => {
    const { scope, id } = await newScene()
    const contact = await scope.find(contacts, id, 'contact')
    await scope.record(scope.later(welcomeMail(contact, 'one')))
    await scope.record(scope.later(welcomeMail(contact, 'one')))
    expect(await scope.list(jobs, { where: eq(jobs.naturalKey, 'mail:welcome:one') })).toHaveLength(1)
  })
})

describe('The words', () => {
  const facts = {
    name: 'Dana Reyes',
    companyName: 'Fabrikam',
    mspName: 'Northwind IT',
    origin: 'https://fabrikam.portal.test',
    timeZone: 'Europe/London',
    locale: 'en-GB',
  }

  it('of an invitation say who, where, until when, and that one need not react', () => {
    const { subject, content } = invitationText({ ...facts, url: 'https://link.test', expiresAt: noon })
    expect(subject).toBe('Your access to the Fabrikam portal')
    expect(content.action).toEqual({ label: 'Choose a password', url: 'https://link.test' })
    expect(content.footer).toEqual([
      expect.stringMatching(/^The link works once, until Friday,? 20 November 2026 at 12:00\.$/),
      'From then on you sign in at https://fabrikam.portal.test',
      'If you did not expect this mail, you need not do anything.',
    ])
  })

  it('of a welcome say where the portal is', () => {
    const { subject, content } = welcomeText(facts)
    expect(subject).toBe('Welcome to the Fabrikam portal')
    expect(content.action).toEqual({ label: 'Open the portal', url: 'https://fabrikam.portal.test' })
    expect(content.paragraphs).toContain('https://fabrikam.portal.test')
  })
})
