import type { Actor } from '../../tenancy/scope.ts'
import type { Source } from './conversation.ts'

/** The way it comes when somebody of staff, or a program of theirs, writes. */
export const sourceOf = ({ kind }: Actor): Source => (kind === 'api_key' ? 'api' : 'admin')
