import type { CustomerSelfService, CustomerSelfServiceInput, SelfServiceInput } from '../../api/shapes.ts'
import { selfService as words } from '../../words/self-service.ts'

export type Said = CustomerSelfService['own']
export type InForce = CustomerSelfService['inForce']
export type Read = keyof typeof words.reads
export type Form = keyof typeof words.forms
type Role = NonNullable<Said['approverRole']>

/** As it is chosen: each thing is a field of its own, so that changes are counted. Empty is as for all customers. */
export type Values = { [Key in Read | Form]: NonNullable<Said['actions'][Key]> | '' } & {
  [Key in Form as `${Key}_askers`]: NonNullable<Said['askers'][Key]> | ''
} & {
  customerApproves: 'yes' | 'no' | ''
  approvers: Role | typeof NAMED | ''
  approverIds: string[]
  waitDays: string
}

/** People who are chosen approve, in place of everybody of a role. */
export const NAMED = 'named'

export const reads = Object.keys(words.reads) as Read[]
export const forms = Object.keys(words.forms) as Form[]

export const valuesOf = ({ actions, askers, ...said }: Said): Values => ({
  see_directory: actions.see_directory ?? '',
  see_licences: actions.see_licences ?? '',
  download_reports: actions.download_reports ?? '',
  create_tickets: actions.create_tickets ?? '',
  new_user: actions.new_user ?? '',
  offboarding: actions.offboarding ?? '',
  password_reset: actions.password_reset ?? '',
  licence_change: actions.licence_change ?? '',
  group_change: actions.group_change ?? '',
  new_user_askers: askers.new_user ?? '',
  offboarding_askers: askers.offboarding ?? '',
  password_reset_askers: askers.password_reset ?? '',
  licence_change_askers: askers.licence_change ?? '',
  group_change_askers: askers.group_change ?? '',
  customerApproves: said.customerApproves === null ? '' : said.customerApproves ? 'yes' : 'no',
  approvers: said.approverIds === null ? (said.approverRole ?? '') : NAMED,
  approverIds: said.approverIds ?? [],
  waitDays: said.waitDays === null ? '' : String(said.waitDays),
})

/** What a customer has otherwise. Names go with the role there was, which says nothing beside them. */
export const ownIn = (values: Values, { approverRole }: Pick<Said, 'approverRole'>): CustomerSelfServiceInput => ({
  actions: {
    see_directory: values.see_directory || null,
    see_licences: values.see_licences || null,
    download_reports: values.download_reports || null,
    create_tickets: values.create_tickets || null,
    new_user: values.new_user || null,
    offboarding: values.offboarding || null,
    password_reset: values.password_reset || null,
    licence_change: values.licence_change || null,
    group_change: values.group_change || null,
  },
  askers: {
    new_user: values.new_user_askers || null,
    offboarding: values.offboarding_askers || null,
    password_reset: values.password_reset_askers || null,
    licence_change: values.licence_change_askers || null,
    group_change: values.group_change_askers || null,
  },
  customerApproves: values.customerApproves === '' ? null : values.customerApproves === 'yes',
  approverRole: values.approvers === NAMED ? (approverRole ?? 'technician') : values.approvers || null,
  approverIds: values.approvers === NAMED ? values.approverIds : null,
  waitDays: values.waitDays.trim() === '' ? null : Number(values.waitDays.trim()),
})

/** The same for all customers, where nothing is left to anything. */
export const standardIn = (values: Values, before: InForce): SelfServiceInput => {
  const own = ownIn(values, before)
  const { actions, askers } = before
  return {
    actions: {
      see_directory: own.actions.see_directory ?? actions.see_directory,
      see_licences: own.actions.see_licences ?? actions.see_licences,
      download_reports: own.actions.download_reports ?? actions.download_reports,
      create_tickets: own.actions.create_tickets ?? actions.create_tickets,
      new_user: own.actions.new_user ?? actions.new_user,
      offboarding: own.actions.offboarding ?? actions.offboarding,
      password_reset: own.actions.password_reset ?? actions.password_reset,
      licence_change: own.actions.licence_change ?? actions.licence_change,
      group_change: own.actions.group_change ?? actions.group_change,
    },
    askers: {
      new_user: own.askers.new_user ?? askers.new_user,
      offboarding: own.askers.offboarding ?? askers.offboarding,
      password_reset: own.askers.password_reset ?? askers.password_reset,
      licence_change: own.askers.licence_change ?? askers.licence_change,
      group_change: own.askers.group_change ?? askers.group_change,
    },
    customerApproves: own.customerApproves ?? before.customerApproves,
    approverRole: own.approverRole ?? before.approverRole,
    approverIds: own.approverIds,
    waitDays: own.waitDays ?? before.waitDays,
  }
}

/** What is wrong with it in words, before it is sent. A customer's own may leave the days to the default. */
export const troublesIn = ({ approvers, approverIds, waitDays }: Values, isOwn: boolean) => {
  const days = Number(waitDays.trim())
  const isLeft = isOwn && waitDays.trim() === ''
  return {
    ...(approvers === NAMED && approverIds.length === 0 && { approverIds: words.chooseSomebody }),
    ...(!isLeft && !(Number.isInteger(days) && days >= 1 && days <= 90) && { waitDays: words.daysWrong }),
  }
}
