import { environment } from './stage.ts'

/** Puts files in place of the built web, for the rest of the file: tests do not build it. By path, such as `portal.html`. */
export const fakeAssets = (files: Record<string, string>): void => {
  const assets: Pick<Fetcher, 'fetch'> = {
    fetch: async (input) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input)
      const text = files[pathname.slice(1)]
      return text === undefined ? new Response(null, { status: 404 }) : new Response(text)
    },
  }
  environment.assets = assets as Fetcher
}
