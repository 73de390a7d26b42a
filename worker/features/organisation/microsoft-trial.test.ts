import { describe, expect, it } from 'vitest'
import { ConnectorFault } from '../../connectors/connector.ts'
import { GraphFault } from '../../connectors/graph/index.ts'
import { trialOf } from './microsoft-trial.ts'

const fault = (code: string) =>
  new GraphFault('rejected', `As it came (${code})`, { status: 401, codes: [code], retryAfterSeconds: undefined })

describe('A test of an app registration', () => {
  it.each([
    ['AADSTS7000215', 'The secret is wrong'],
    ['AADSTS7000222', 'has expired'],
    ['AADSTS700016', 'no application with this ID'],
    ['AADSTS90002', 'no directory with this ID'],
    ['AADSTS900023', 'no directory with this ID'],
    ['AADSTS7000112', 'switched off'],
    ['AADSTS7000218', 'public client'],
    ['AADSTS53003', 'Conditional Access'],
    ['AADSTS999999', 'As it came (AADSTS999999)'],
  ])('says what %s means: %s', (code, words) => {
    const trial = trialOf(fault(code))
    expect(trial.words).toContain(words)
    expect(trial).toMatchObject({ accepted: false, codes: [code] })
  })

  it('says that Microsoft cannot be reached, and lets bugs be bugs', () => {
    expect(trialOf(new ConnectorFault('down', 'Microsoft 365', 'Microsoft 365 could not be reached.'))).toEqual({
      accepted: false,
      words: 'Microsoft 365 could not be reached.',
      codes: [],
    })
    expect(() => trialOf(new Error('a bug'))).toThrow('a bug')
  })
})
