import { describe, expect, it } from 'vitest'
import { networkOf } from './network.ts'

describe('What an address is counted as', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::5', '2001:db8:0:0::/64'],
    ['2001:db8::3:4:5:6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })

  it.each([
    'unknown',
    '',
    '1:2:3',
    '1::2::3',
    '2001:db8:1:2:3:4:5:6:7',
    '2001:db8::g',
    '::ffff:203.0.113.777',
    '1:2:3:4::5:6:7:8',
  ])('"%s" is no address and stands for itself', (text) => {
    expect(networkOf(text)).toBe(text)
  })
})
