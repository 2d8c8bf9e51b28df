import type { Report } from '../report.ts'

/** By `schemas/report.json`. */
export const toJson = (report: Report) => `${JSON.stringify(report, null, 2)}\n`
