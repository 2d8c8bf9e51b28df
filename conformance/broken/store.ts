// What the good server keeps beside people and their tasks.
import type { Task } from './state.ts'

export interface Kept {
  body: string
  answer: Promise<Task>
}

export interface Store {
  /** The order in which tasks were made; kept when they are gone. */
  numbers: Map<string, number>
  /** By user, then by task. */
  trash: Map<string, Map<string, Task>>
  /** Ids of lists by user. */
  lists: Map<string, Map<string, { id: string; name: string }>>
  /** First answers, by user and Idempotency-Key. */
  kept: Map<string, Kept>
  /** What a careless parser believes every object to have. */
  prototype: Record<string, unknown>
}

export function createStore(): Store {
  return { numbers: new Map(), trash: new Map(), lists: new Map(), kept: new Map(), prototype: {} }
}

/** The inner map of this user, made when there is none. */
export function ofUser<Value>(maps: Map<string, Map<string, Value>>, user: string): Map<string, Value> {
  const own = maps.get(user) ?? new Map<string, Value>()
  maps.set(user, own)
  return own
}
