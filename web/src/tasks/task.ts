export type Task = {
  id: string
  user_id: string
  title: string
  description: string | null
  completed: boolean
  created_at: string
  updated_at: string
}

export const LONGEST_TITLE = 200
export const LONGEST_DESCRIPTION = 10_000
