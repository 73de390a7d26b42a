import type { SecurityAlert, ServiceState } from '../api/shapes.ts'
import type { Mood } from '../ui/badge.tsx'

export const moodOfService: Record<ServiceState, Mood> = {
  works: 'good',
  degraded: 'warn',
  interrupted: 'bad',
  recovering: 'info',
  unknown: 'none',
}

export const moodOfSeverity = (severity: SecurityAlert['severity']): Mood =>
  severity === 'high' ? 'bad' : severity === 'medium' ? 'warn' : 'none'
