import { unreachable } from './problem.ts'

type Answer = { data?: unknown; response: Response }

/**
 * Saves the file that an answer brings, under the name it came with. It is saved only once it is here whole: one that
 * breaks off on the way is thrown as a ProblemError, and nothing is left on the disk.
 */
export async function saveFile(asked: Promise<Answer>): Promise<void> {
  const { data, response } = await asked.catch((error: unknown) => {
    throw error instanceof TypeError ? unreachable() : error
  })
  if (!(data instanceof Blob)) throw new Error('The answer was not asked for as a blob.')
  const url = URL.createObjectURL(data)
  const link = document.createElement('a')
  link.href = url
  link.download = fileNameIn(response.headers.get('content-disposition'))
  link.click()
  setTimeout(() => URL.revokeObjectURL(url))
}

const fileNameIn = (disposition: string | null): string =>
  decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(disposition ?? '')?.[1] ?? '')
