import { z } from '@hono/zod-openapi'
import type { portals } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { isoMoment } from '../../http/text.ts'
import type { HostnameOf, HostnameRow } from './custom-hostnames.ts'
import { PROOF_LABEL } from './hostname.ts'
import { GRACE_MS, hostnameSteps, stepsOf } from './standing.ts'

export const HostnameInput = z
  .strictObject({ hostname: z.string().max(300).describe('The name, such as portal.company.com.') })
  .openapi('HostnameInput')

const Step = z
  .object({
    name: z.enum(hostnameSteps),
    done: z.boolean(),
    reason: z
      .enum([
        'unchecked',
        'done',
        'txt_missing',
        'txt_differs',
        'name_servers_fail',
        'name_taken',
        'cname_missing',
        'cname_elsewhere',
        'after_the_others',
        'being_issued',
        'not_issued',
        'blocked',
        'moved',
      ])
      .describe('What is missing, or `done`.'),
  })
  .openapi('HostnameStep')

const DnsRecord = z.object({ type: z.enum(['CNAME', 'TXT']), name: z.string(), value: z.string() }).openapi('DnsRecord')

export const Hostname = z
  .object({
    id: z.string(),
    hostname: z.string(),
    url: z.string(),
    state: z.enum(['pending', 'active', 'problem']),
    answers: z.boolean().describe('Whether the portal opens there, as it does for a week while there is trouble.'),
    isPrimary: z.boolean(),
    records: z.array(DnsRecord).describe('What the owner of the name puts at their DNS provider.'),
    steps: z.array(Step),
    leadsTo: z.string().nullable().describe('Where the name leads instead.'),
    reported: z.array(z.string()).describe('What the edge reported, in its own words.'),
    createdAt: z.iso.datetime(),
    checkedAt: z.iso.datetime().nullable(),
    nextCheckAt: z.iso.datetime().nullable(),
    activeSince: z.iso.datetime().nullable(),
    troubleSince: z.iso.datetime().nullable(),
    answersUntil: z.iso.datetime().nullable().describe('While there is trouble: when the portal stops opening there.'),
    givenUpAt: z.iso.datetime().nullable(),
    version: z.number().int(),
  })
  .openapi('Hostname')

export const HostnameList = z
  .object({
    items: z.array(Hostname),
    nextCursor: z.string().nullable(),
    prefixHost: z.string().nullable().describe("The portal's address below our own suffix; null without a portal."),
    linkedHost: z.string().nullable().describe('What mails and links are built from now.'),
  })
  .openapi('HostnameList')

export const presentHostname = ({ row, portal }: HostnameOf, environment: Environment): z.infer<typeof Hostname> => ({
  id: row.id,
  hostname: row.hostname,
  url: environment.originOf(row.hostname),
  state: row.state,
  answers: row.activeSince !== null,
  isPrimary: portal?.primaryHost === row.hostname,
  records: [
    { type: 'TXT', name: `${PROOF_LABEL}.${row.hostname}`, value: row.proofText },
    { type: 'CNAME', name: row.hostname, value: environment.CUSTOM_HOSTNAME_TARGET },
  ],
  steps: stepsOf(row.found).map(({ name, done, reason }) => ({ name, done, reason })),
  leadsTo: row.found?.leadsTo ?? null,
  reported: row.found?.edge?.said ?? [],
  createdAt: new Date(row.createdAt).toISOString(),
  checkedAt: isoMoment(row.checkedAt),
  nextCheckAt: isoMoment(row.nextCheckAt),
  activeSince: isoMoment(row.activeSince),
  troubleSince: isoMoment(row.troubleSince),
  answersUntil: isoMoment(row.activeSince === null || row.troubleSince === null ? null : row.troubleSince + GRACE_MS),
  givenUpAt: isoMoment(row.givenUpAt),
  version: row.version,
})

export const presentHostnames = (
  { rows, portal }: { rows: HostnameRow[]; portal: typeof portals.$inferSelect | undefined },
  linkedHost: string | null,
  environment: Environment,
): z.infer<typeof HostnameList> => ({
  items: rows.map((row) => presentHostname({ row, portal }, environment)),
  nextCursor: null,
  prefixHost: portal?.host ?? null,
  linkedHost,
})
