/** Refuses the spread of an object literal, which only serves to please the formatter. */
import { unwrapped } from './unwrapped.js';

/**
 * @typedef {import('eslint').Rule.Node} Node
 * @typedef {import('estree').ObjectExpression | import('estree').ArrayExpression} Literal
 */

/** A spread's parent → the literal that makes no difference when it is spread there. */
const literalIn = new Map([
  ['ObjectExpression', 'ObjectExpression'],
  ['ArrayExpression', 'ArrayExpression'],
  ['CallExpression', 'ArrayExpression'],
  ['NewExpression', 'ArrayExpression'],
]);

/** @type {import('eslint').Rule.RuleModule} */
export const noLiteralSpread = {
  meta: {
    type: 'suggestion',
    fixable: 'code',
    schema: [],
    messages: { literal: 'Write these members without a spread: one a line, if they are many.' },
  },
  create(context) {
    const { sourceCode } = context;
    return {
      SpreadElement(node) {
        const inner = unwrapped(node.argument);
        if (inner.type !== literalIn.get(node.parent.type)) return;
        const literal = /** @type {Literal & Node} */ (inner);
        const keepsComments =
          sourceCode.getCommentsInside(node).length === sourceCode.getCommentsInside(inner).length;
        context.report({
          node,
          messageId: 'literal',
          fix:
            keepsComments && isSafe(literal)
              ? (fixer) => fixer.replaceText(node, members(literal))
              : null,
        });
      },
    };

    /** The text between the brackets, comments included, without a comma at its end. */
    function members(/** @type {Literal & Node} */ literal) {
      const [start, end] = /** @type {[number, number]} */ (literal.range);
      const last = sourceCode.getLastToken(literal, 1);
      const text = sourceCode.text;
      if (last?.value !== ',') return text.slice(start + 1, end - 1).trimStart();
      return text.slice(start + 1, last.range[0]).trimStart() + text.slice(last.range[1], end - 1);
    }
  },
};

/**
 * Whether the members mean the same outside: not an empty literal, whose comma would stand alone,
 * an array's hole, an accessor, which a spread calls once, or `__proto__`, which sets a prototype.
 */
function isSafe(/** @type {Literal} */ literal) {
  if (literal.type === 'ArrayExpression')
    return literal.elements.length > 0 && !literal.elements.includes(null);
  return literal.properties.length > 0 && literal.properties.every(isPlain);
}

function isPlain(/** @type {import('estree').Property | import('estree').SpreadElement} */ member) {
  if (member.type === 'SpreadElement') return true;
  const { key } = member;
  const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? key.value : '';
  return member.kind === 'init' && (member.computed || name !== '__proto__');
}
