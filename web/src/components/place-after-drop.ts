/** Where something lands among the others when it is dropped before or after one of them; null: where it is. */
export function placeAfterDrop(order: readonly string[], id: string, target: string, isAfter: boolean) {
  const others = order.filter(other => other !== id)
  const at = others.indexOf(target)
  const to = at + (isAfter ? 1 : 0)
  return at < 0 || to === order.indexOf(id) ? null : to
}
