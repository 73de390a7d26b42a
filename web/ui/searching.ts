/** The longest search that the server takes. */
export const searchLengthMax = 100

/** Whether there is enough to search for: two letters or digits in all, as the server counts them. */
export const canSearch = (text: string): boolean => (text.normalize('NFKD').match(/[\p{L}\p{N}]/gu) ?? []).length > 1
