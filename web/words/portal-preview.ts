/** Words for staff who view a portal as one of its contacts. */
import { clock } from './format.ts'

export const previewWords = {
  label: 'Viewing as somebody',
  as: (staff: string, contact: string) => `${staff}, you view this portal as ${contact}.`,
  until: (at: string) => `Nothing can be changed. It ends by itself at ${clock(at)}.`,
  end: 'End',
  ending: 'Ending…',
}
