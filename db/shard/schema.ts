export * from './msps.ts'
export * from './customers.ts'
export * from './tenants.ts'
export * from './work.ts'
