export { unreadOf, unreadRead } from './bell.ts'
