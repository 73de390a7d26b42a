/**
 * An error as the log has it: its stack and what caused it. Of a failed query the text is kept and the parameters are
 * not, since they are people's.
 */
export const described = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const own = (error.stack ?? error.message).replace(/\nparams: [^\n]*/g, '')
  return error.cause === undefined ? own : `${own}\ncaused by ${described(error.cause)}`
}
