export { NoticeInPortal, noticesNow, presentInPortal } from './in-portal.ts'
