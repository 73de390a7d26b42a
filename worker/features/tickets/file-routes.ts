import { fileAsItIs, file, shown } from '../../http/file-answers.ts'
import { done, ok, problem } from '../../http/route.ts'
import { FileUploadQuery, TicketFile } from './conversation.schema.ts'

/** What both sides say of the routes of a ticket's files, but for where they are and who may use them. */
export const tags = ['Tickets']

export const uploading = {
  method: 'put',
  tags,
  description:
    'The body is the file as it is. What it is, is told by its bytes. Until it is sent, with what names its id and by whoever uploaded it, nobody else sees it; one that is not sent within a week is forgotten. Repeated under the same key it is answered by what it made.',
  responses: {
    200: ok(TicketFile, 'Kept, now or before'),
    400: problem('The file did not come as it was announced'),
    409: problem('The upload key was used for another file, or too many wait to be sent'),
    413: problem('The file is too large'),
  },
} as const

export const uploaded = { query: FileUploadQuery, body: fileAsItIs }

export const takingBack = { method: 'delete', tags, responses: { 204: done('Taken back') } } as const
export const saving = { method: 'get', tags, summary: 'A file of a ticket, to be saved', responses: file } as const
export const showing = {
  method: 'get',
  tags,
  summary: 'A file of a ticket, to be shown in a tab of its own: PDF, PNG, JPEG, GIF and WebP only',
  responses: shown,
} as const
