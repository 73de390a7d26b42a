export { PortalDirectory, presentDirectory } from './directory.schema.ts'
export { indexUsers, indexUsersOf } from './index-users.job.ts'
export { sortNameOf, wordsOfUser } from './user-words.ts'
