/** An address that comes from elsewhere, if it is one of the web; anything else could run in the page that shows it. */
export const webAddress = (url: string | null): string | undefined => {
  if (url === null || !URL.canParse(url)) return undefined
  return ['http:', 'https:'].includes(new URL(url).protocol) ? url : undefined
}
