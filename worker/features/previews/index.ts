export { previewDoor, previewRoutes } from './previews.routes.ts'
