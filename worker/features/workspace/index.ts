export { workspaceRoutes } from './workspace.routes.ts'
