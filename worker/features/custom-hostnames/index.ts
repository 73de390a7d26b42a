export { canonicalHost } from './canonical-host.ts'
export {
  checkHostnameJob,
  checkOf,
  followHostnames,
  linkedHostFollows,
  removalOf,
  removeHostnameJob,
} from './custom-hostnames.jobs.ts'
export { primaryHostsFollow } from './custom-hostnames.ts'
export { forgetReservedNames } from './names.ts'
