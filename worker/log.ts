/**
 * An error as the log has it: its stack and what caused it. Of a failed query the text is kept and the parameters are
 * not, since they are people's.
 */
export const described = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  // Parameters may span lines: everything up to the stack goes.
  const own = (error.stack ?? error.message).replace(/\nparams: [\s\S]*?(?=\n\s+at |$)/g, '')
  return error.cause === undefined ? own : `${own}\ncaused by ${described(error.cause)}`
}
