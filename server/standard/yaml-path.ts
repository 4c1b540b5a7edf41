import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml'

/** title_en → titleEn */
export const camelCase = (key: string): string => key.replace(/_([a-z0-9])/g, (_, first: string) => first.toUpperCase())

/** Where in the text the value at a path of camel-case keys begins; the nearest holder's place when the value is missing. */
export function offsetOf(root: unknown, path: readonly PropertyKey[]): number {
  let node = isNode(root) ? root : undefined
  for (const key of path) {
    const inner = node && innerNode(node, key)
    if (!inner) break
    node = inner
  }
  return node?.range?.[0] ?? 0
}

function innerNode(node: Node, key: PropertyKey): Node | undefined {
  const inner = isSeq(node)
    ? node.items[Number(key)]
    : isMap(node) ? node.items.find(pair => isScalar(pair.key) && camelCase(String(pair.key.value)) === key)?.value : undefined
  return isNode(inner) ? inner : undefined
}
