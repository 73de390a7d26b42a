export { monthlyReportsOf, sendMonthlyReport, sendReportSample, startMonthlyReports } from './monthly.jobs.ts'
