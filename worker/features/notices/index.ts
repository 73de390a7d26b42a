export { noticeRoutes } from './notices.routes.ts'
export { NoticeInPortal, noticesNow, presentInPortal } from './in-portal.ts'
