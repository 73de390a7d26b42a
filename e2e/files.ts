import type { Page } from '@playwright/test'
import { expect } from './stage.ts'

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
export const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF',
)
/** A file as somebody chooses it; what it is stands in its bytes alone. */
export const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/x-whatever', buffer })
/** Chooses files where the page takes them. */
export const choose = (page: Page, ...files: ReturnType<typeof file>[]) =>
  page.locator('input[type=file]').setInputFiles(files)

/** Lets files go over the page, as a person who drags them from a folder does. */
export const dropFiles = async (page: Page, ...files: { name: string; text?: string; byteCount?: number }[]) => {
  const held = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer()
    for (const { name, text, byteCount } of given)
      transfer.items.add(new File([text ?? new Uint8Array(byteCount ?? 0)], name))
    return transfer
  }, files)
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: held })
  await expect(page.getByText(/^Let go to /)).toBeVisible()
  await page.dispatchEvent('main', 'drop', { dataTransfer: held })
  await expect(page.getByText(/^Let go to /)).toBeHidden()
}
