export { dayHeading as dayAsHeading, dayLabel as dayInWords, dueLabel as dueInWords } from '../dates.ts'
