/** @typedef {import('eslint').Rule.Node} Node */

const wrappers = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);

/**
 * The expression inside `as …`, `satisfies …` and `!`; parentheses are not in the tree anyway.
 *
 * @param {{ type: string }} node
 * @returns {Node}
 */
export function unwrapped(node) {
  const inner = /** @type {{ type: string, expression: Node }} */ (node);
  return isWrapper(node) ? unwrapped(inner.expression) : /** @type {Node} */ (node);
}

/** @param {{ type: string }} node */
export function isWrapper(node) {
  return wrappers.has(node.type);
}
