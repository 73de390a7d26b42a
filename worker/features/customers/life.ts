import { customers } from '../../../db/shard/schema.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem } from '../../http/problem.ts'
import { lifeOf, lifeRefusals, stepOf } from '../../tenancy/portal-life.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { sessionsEnd } from '../portals/index.ts'

/** Shuts a customer's people out while the MSP goes on looking after it. Problems: `missing`, `stale`, `conflict`. */
export const disableCustomer = (msp: MspScope, customerId: string, wanted: Expected) =>
  setDisabled(msp, customerId, true, wanted)
export const enableCustomer = (msp: MspScope, customerId: string, wanted: Expected) =>
  setDisabled(msp, customerId, false, wanted)

const setDisabled = async (msp: MspScope, customerId: string, disabled: boolean, wanted: Expected): Promise<void> => {
  const before = await msp.find(customers, customerId, 'customer')
  refuseUnexpected(before, wanted)
  const step = stepOf(lifeOf(before), disabled ? 'disable' : 'enable')
  if (step.kind === 'refused') throw new Problem('conflict', lifeRefusals[step.because])
  if (step.kind === 'unchanged') return
  await msp.commit(
    {
      action: disabled ? 'customer.disabled' : 'customer.enabled',
      subject: { kind: 'customer', id: customerId, name: before.name },
      customerId,
    },
    msp.change(customers, before, { state: step.life.customer }),
    ...(step.endsSessions ? [sessionsEnd(msp, [customerId])] : []),
  )
}
