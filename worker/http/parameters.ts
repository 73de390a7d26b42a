import type { ApiDocument } from './docs.ts'

/** What stands in an address, by its name: an id means the same wherever it stands. */
const inPaths: Record<string, string> = {
  appId: 'The id here of an app registration of the MSP’s own; not its client id.',
  contactId: 'The contact’s id.',
  customerId: 'The customer’s id.',
  documentId: 'The document’s id.',
  fileId: 'The id of a file of a ticket.',
  grantId: 'The id of the access that was given to many.',
  hostnameId: 'The id of a host name of the portal’s own.',
  id: 'The id of the customer whose portal it is.',
  importId: 'The import’s id.',
  jobId: 'The job’s id.',
  keyId: 'The API key’s id, which is no secret.',
  mergeId: 'The merge’s id.',
  noticeId: 'The notice’s id.',
  replyId: 'The id of an answer that is used often.',
  rowId: 'The id of a row of the import.',
  sessionId: 'The session’s id.',
  skuId: 'A licence, by the id that Microsoft has given it, in any case.',
  staffId: 'The id of somebody of the staff.',
  tenantId: 'The tenant’s id here, which is not the one that Microsoft has for it.',
  requestId: 'A request, by its id.',
  stepId: 'A step of the request, by its id.',
  ticketId: 'The ticket’s id, which is not its number.',
  userId: 'The id of somebody of a Microsoft 365 tenant, as Microsoft has it.',
}

type Described = { parameters?: { name: string; in: string; description?: string }[] }

/** The document with what each id in an address is. Throws for one that nobody has described: name it above. */
export const withParameters = (document: ApiDocument): ApiDocument => ({
  ...document,
  paths: Object.fromEntries(
    Object.entries(document.paths ?? {}).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [method, described(operation as Described)]),
      ),
    ]),
  ),
})

const described = (operation: Described): Described =>
  operation.parameters === undefined
    ? operation
    : {
        ...operation,
        parameters: operation.parameters.map((parameter) => {
          if (parameter.in !== 'path' || parameter.description !== undefined) return parameter
          const description = inPaths[parameter.name]
          if (description === undefined)
            throw new Error(`Say in worker/http/parameters.ts what "${parameter.name}" in an address is.`)
          return { ...parameter, description }
        }),
      }
