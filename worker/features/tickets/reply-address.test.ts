import { describe, expect, it } from 'vitest'
import { newId } from '../../tenancy/ids.ts'
import { isMadeFor, readReplyAddress, replyAddress, replyHashOf } from './reply-address.ts'

const deployment = { TOKEN_KEY: btoa('a key of thirty-two bytes, told to nobody'), REPLY_DOMAIN: 'replies.example' }
const mspId = newId(1_800_000_000_000)
const ticketId = newId(1_800_000_000_001)
const [dana, tom] = [newId(1_800_000_000_002), newId(1_800_000_000_003)]

describe('the address that answers to a ticket’s mails go to', () => {
  it('leads to its MSP and to what the ticket is found by, and is short enough for every mail server', async () => {
    const address = await replyAddress(deployment, mspId, ticketId, dana)

    expect(address.split('@')[0]?.length).toBe(63)
    expect(await readReplyAddress(deployment, address)).toMatchObject({
      mspId,
      isOfOneReader: true,
      replyHashes: [await replyHashOf(deployment, mspId, ticketId)],
    })
  })

  it('survives a mail server that changes its case, and is the same each time', async () => {
    const address = await replyAddress(deployment, mspId, ticketId, dana)

    expect(await readReplyAddress(deployment, address.toUpperCase())).toEqual(
      await readReplyAddress(deployment, await replyAddress(deployment, mspId, ticketId, dana)),
    )
  })

  it('is of the reader it was made for, and of no other one who has it, whatever they change in it', async () => {
    const address = await replyAddress(deployment, mspId, ticketId, dana)
    const [read, ofTom] = [
      await readReplyAddress(deployment, address),
      await readReplyAddress(deployment, await replyAddress(deployment, mspId, ticketId, tom)),
    ]
    if (read === undefined || ofTom === undefined) throw new Error('These are reply addresses.')
    expect(ofTom.replyHashes, 'both lead to one ticket').toEqual(read.replyHashes)
    expect(await isMadeFor(deployment, read, ticketId, dana)).toBe(true)
    expect(await isMadeFor(deployment, read, ticketId, tom)).toBe(false)
    expect(await isMadeFor(deployment, ofTom, ticketId, dana)).toBe(false)
    expect(await isMadeFor(deployment, read, newId(1_800_000_000_004), dana)).toBe(false)
    const asOfAll = await readReplyAddress(deployment, address.replace('-', '.'))
    if (asOfAll === undefined) throw new Error('This is an address of every reader.')
    expect(await isMadeFor(deployment, asOfAll, ticketId, dana)).toBe(false)
  })

  it('is another for another reader, another ticket, another MSP and another key', async () => {
    const addresses = await Promise.all([
      replyAddress(deployment, mspId, ticketId, dana),
      replyAddress(deployment, mspId, ticketId, tom),
      replyAddress(deployment, mspId, newId(1_800_000_000_002), dana),
      replyAddress(deployment, newId(1_800_000_000_003), ticketId, dana),
      replyAddress({ ...deployment, TOKEN_KEY: btoa('another key of thirty-two bytes, or so') }, mspId, ticketId, dana),
    ])

    expect(new Set(addresses.map((address) => address.split('@')[0]?.split('-')[1])).size).toBe(5)
  })

  it.each([
    'help@replies.example',
    '@replies.example',
    '',
    `${mspId}-@replies.example`,
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
