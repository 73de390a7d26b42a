import type { BrowserContext, Page } from '@playwright/test'
import { PDF, PNG, dropFiles, file } from './files.ts'
import { expect, test } from './stage.ts'
import { signedIn } from './steps.ts'

const dana = 'dana@fabrikamdental.example'
const tom = 'tom@fabrikamdental.example'
const attach = (page: Page, ...files: ReturnType<typeof file>[]) =>
  page.locator('input[type=file][multiple]').setInputFiles(files)
const attached = (page: Page) => page.getByRole('list', { name: 'Attached files' }).getByRole('listitem')
const signOut = async (page: Page) => {
  await page.getByRole('button', { name: /your account/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByLabel('E-mail')).toBeVisible()
}

/** Fills what a ticket cannot do without. */
async function fill(page: Page, subject: string): Promise<void> {
  await page.getByLabel('Subject').fill(subject)
  await page.getByLabel('What is it about?').selectOption('Something else')
  await page.getByLabel('What happened, or what do you need?').fill('It hums, and then it does not.')
}

/** Opens a new ticket's own page by writing it. */
async function written(page: Page, origin: string, subject: string): Promise<void> {
  await page.goto(`${origin}/tickets/new`)
  await fill(page, subject)
  await page.getByRole('button', { name: 'Send ticket' }).click()
  await expect(page.getByRole('heading', { name: subject, level: 1 })).toBeVisible()
}

test('what somebody wrote and attached is there after a reload, is nobody else’s at the same browser, and goes when it was sent', async ({
  page,
  stage,
}) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, `${origin}/tickets/new`, stage.person(tom))
  await fill(page, 'The fan hums')
  await page.getByLabel('I cannot do my work').check()
  await attach(page, file('hum.png', PNG), file('bill.pdf', PDF))
  await expect(attached(page)).toHaveCount(2)
  const session = await page.context().cookies()

  // Somebody else at this browser, whose session replaces theirs without a sign-out.
  await signedIn(page, `${origin}/tickets/new`, stage.person(dana))
  await expect(page.getByLabel('Subject')).toHaveValue('')
  await expect(page.getByText('You had begun this ticket.')).toBeHidden()
  await signOut(page)

  await page.context().addCookies(session)
  await page.goto(`${origin}/tickets/new`)
  await expect(page.getByText('You had begun this ticket.')).toBeVisible()
  await expect(page.getByLabel('Subject')).toHaveValue('The fan hums')
  await expect(page.getByLabel('I cannot do my work')).toBeChecked()
  await expect(attached(page)).toHaveText([/hum\.png/, /bill\.pdf/])
  await page.getByRole('button', { name: 'Take bill.pdf off' }).click()
  await page.getByRole('button', { name: 'Send ticket' }).click()
  await expect(page.getByRole('heading', { name: 'The fan hums', level: 1 })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveText([/hum\.png/])

  await page.goto(`${origin}/tickets/new`)
  await expect(page.getByLabel('Subject')).toHaveValue('')
})

test('who signs out leaves no draft behind at the device', async ({ page, stage }) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, `${origin}/tickets/new`, stage.person(tom))
  await page.getByLabel('Subject').fill('Between us: the safe’s code is lost')
  const kept = () => page.evaluate(() => Object.values(localStorage).join())
  expect(await kept()).toContain('safe')
  await signOut(page)
  expect(await kept()).not.toContain('safe')
})

test('a ticket that lacks something says so at each field and once on top, and leads there', async ({
  page,
  stage,
}) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, `${origin}/tickets/new`, stage.person(tom))
  await page.getByRole('button', { name: 'Send ticket' }).click()
  await expect(page.getByRole('alert')).toBeFocused()
  await expect(page.getByRole('alert')).toContainText('Three things to put right')
  await page.getByRole('link', { name: 'Choose what it is about' }).click()
  await expect(page.getByLabel('What is it about?')).toBeFocused()
})

test('files that do not go along say why where they stand, and nothing is sent without them unless they are taken off', async ({
  page,
  stage,
}) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, origin, stage.person(tom))
  await written(page, origin, 'Files of all kinds')
  await dropFiles(page, { name: 'empty.txt' }, { name: 'large.bin', byteCount: 25 * 1024 * 1024 + 1 })
  await expect(page.getByText('This file is empty.')).toBeVisible()
  await expect(page.getByText('An attachment has at most 25 MB.')).toBeVisible()
  await page.getByLabel('Write something').fill('See the files.')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText('empty.txt and large.bin were not attached.')).toBeVisible()
  for (const name of ['empty.txt', 'large.bin'])
    await page.getByRole('button', { name: `Take ${name} off this list` }).click()

  await attach(page, ...Array.from({ length: 11 }, (_, index) => file(`page ${index + 1}.png`, PNG)))
  await expect(attached(page)).toHaveCount(10)
  await expect(page.getByText('At most 10 files at once.')).toBeVisible()
  await page.getByRole('button', { name: /^Take page \d+\.png off this list$/ }).click()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText('See the files.')).toBeVisible()
  await expect(page.getByRole('article').last().getByRole('img', { includeHidden: true })).toHaveCount(10)
  await expect(page.getByLabel('Write something')).toHaveValue('')
})

test('a pasted picture goes along, and so does a text that is too long, an upload shows how far it is, and what is sent meanwhile waits for it', async ({
  page,
  context,
  stage,
}) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, origin, stage.person(tom))
  await written(page, origin, 'A picture of it')
  const answer = page.getByLabel('Write something')
  const paste = await page.evaluateHandle(
    (bytes) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([new Uint8Array(bytes)], 'image.png', { type: 'image/png' }))
      return new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
    },
    [...PNG],
  )
  await answer.evaluate((field, event) => field.dispatchEvent(event), paste)
  await expect(attached(page)).toHaveText([/^Picture \d\d\.\d\d\.png/])
  const log = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.setData('text/plain', 'A megabyte of a log. '.repeat(50_000))
    return new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
  })
  await answer.evaluate((field, event) => field.dispatchEvent(event), log)
  await expect(attached(page)).toHaveText([/^Picture/, /^Text \d\d\.\d\d\.txt ?1 MB/])
  await expect(answer).toHaveValue('')

  const network = await slowed(context, page)
  await dropFiles(page, { name: 'video.bin', byteCount: 8_000_000 })
  await expect(page.getByRole('progressbar', { name: 'video.bin is being sent' })).toBeVisible()
  await answer.fill('Here it is.')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Sends once the files are there' })).toBeVisible()
  await network.fast()
  await expect(page.getByRole('article').last()).toContainText('video.bin')
  await expect(page.getByRole('article').last()).toContainText('Here it is.')
  await expect(page.getByRole('article')).toHaveCount(2)
})

test('what is written stays while the line is dead, and is sent once when it is back', async ({
  page,
  context,
  stage,
}) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, origin, stage.person(tom))
  await written(page, origin, 'The line is dead')
  await page.getByLabel('Write something').fill('Can you hear me?')
  const answers = await lost(context, page, '*/comments')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText(/No answer came/).first()).toBeVisible()
  await expect(page.getByLabel('Write something')).toHaveValue('Can you hear me?')
  await answers.backAgain()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByRole('article').filter({ hasText: 'Can you hear me?' })).toHaveCount(1)
  await page.reload()
  await expect(page.getByRole('article').filter({ hasText: 'Can you hear me?' })).toHaveCount(1)
  await expect(page.getByLabel('Write something')).toHaveValue('')
})

test('a phone offers its camera, and a desk does not', async ({ page, stage, visitor }) => {
  const origin = stage.portalOrigin('fabrikam')
  await signedIn(page, `${origin}/tickets/new`, stage.person(tom))
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Take a photo' })).toBeHidden()

  const theirs = await visitor({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } })
  await signedIn(theirs, `${origin}/tickets/new`, stage.person(tom))
  const chooser = theirs.waitForEvent('filechooser')
  await theirs.getByRole('button', { name: 'Take a photo' }).tap()
  await (await chooser).setFiles(file('photo.png', PNG))
  await expect(attached(theirs)).toHaveText([/photo\.png/])
})

async function slowed(context: BrowserContext, page: Page) {
  const network = await context.newCDPSession(page)
  const speed = (bytesPerSecond: number) =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    })
  await network.send('Network.enable')
  await speed(200_000)
  return { fast: () => speed(-1) }
}

/** What is asked of this address arrives, and the answer to it does not. */
async function lost(context: BrowserContext, page: Page, urlPattern: string) {
  const network = await context.newCDPSession(page)
  network.on('Fetch.requestPaused', ({ requestId }) => {
    void network.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionReset' })
  })
  await network.send('Fetch.enable', { patterns: [{ urlPattern, requestStage: 'Response' }] })
  return { backAgain: () => network.send('Fetch.disable') }
}
