/** In place of the router's own patterns: views are told by `viewAt`, and nothing else matches a path. */
export function parse(): never {
  throw new Error('Paths are not matched by patterns here')
}
