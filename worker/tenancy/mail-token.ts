import type { Environment } from '../env.ts'
import { hmacOf } from './ids.ts'

/**
 * The secret in a mail (256 bits), made from the row it opens and a key only the environment has: a mail that is sent
 * again carries the same link, and no table or queue ever holds the secret itself, only its hash.
 */
export const mailToken = (
  environment: Pick<Environment, 'TOKEN_KEY'>,
  purpose:
    | 'invitation'
    | 'password_reset'
    | 'staff_invitation'
    | 'temporary_password'
    | 'sign_up'
    | 'mail_address'
    | 'ticket_reply',
  mspId: string,
  rowId: string,
): Promise<string> => hmacOf(environment.TOKEN_KEY, `${purpose}\n${mspId}\n${rowId}`)
