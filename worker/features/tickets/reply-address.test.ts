import { describe, expect, it } from 'vitest'
import { newId } from '../../tenancy/ids.ts'
import { readReplyAddress, replyAddress, replyHashOf } from './reply-address.ts'

const deployment = { TOKEN_KEY: btoa('a key of thirty-two bytes, told to nobody'), REPLY_DOMAIN: 'replies.example' }
const mspId = newId(1_800_000_000_000)
const ticketId = newId(1_800_000_000_001)

describe('the address that answers to a ticket’s mails go to', () => {
  it('leads to its MSP and to what the ticket is found by, and is short enough for every mail server', async () => {
    const address = await replyAddress(deployment, mspId, ticketId)

    expect(address.split('@')[0]?.length).toBe(63)
    expect(await readReplyAddress(deployment, address)).toEqual({
      mspId,
      replyHash: await replyHashOf(deployment, mspId, ticketId),
    })
  })

  it('survives a mail server that changes its case, and is the same each time', async () => {
    const address = await replyAddress(deployment, mspId, ticketId)

    expect(await readReplyAddress(deployment, address.toUpperCase())).toEqual(
      await readReplyAddress(deployment, await replyAddress(deployment, mspId, ticketId)),
    )
  })

  it('is another for another ticket, another MSP and another key', async () => {
    const addresses = await Promise.all([
      replyAddress(deployment, mspId, ticketId),
      replyAddress(deployment, mspId, newId(1_800_000_000_002)),
      replyAddress(deployment, newId(1_800_000_000_003), ticketId),
      replyAddress({ ...deployment, TOKEN_KEY: btoa('another key of thirty-two bytes, or so') }, mspId, ticketId),
    ])

    expect(new Set(addresses.map((address) => address.split('@')[0]?.split('.')[1])).size).toBe(4)
  })

  it.each([
    'help@replies.example',
    '@replies.example',
    '',
    `${mspId}.@replies.example`,
    `${mspId}.short@replies.example`,
    `${mspId}.${'l'.repeat(26)}@replies.example`,
    `${mspId}.${'0'.repeat(26)}@elsewhere.example`,
    `${mspId}.${'0'.repeat(26)}@replies.example@elsewhere.example`,
    `${mspId}'.${'0'.repeat(26)}@replies.example`,
  ])('is not “%s”', async (address) => {
    expect(await readReplyAddress(deployment, address)).toBeUndefined()
  })
})
