export { monthlyReportsOf, sendMonthlyReport, startMonthlyReports } from './monthly.jobs.ts'
