/**
 * A value that may be missing is written `defined({ x })`, neither `...(x === undefined ? {} : { x })` nor
 * `x === undefined ? {} : { x }`.
 */
import { dirname, relative } from 'node:path';
import { isWrapper, unwrapped } from './unwrapped.js';

/**
 * @typedef {import('eslint').Rule.Node} Node
 * @typedef {import('estree').ConditionalExpression} ConditionalExpression
 * @typedef {import('estree').Expression} Expression
 * @typedef {import('estree').ObjectExpression} ObjectExpression
 * @typedef {import('estree').SpreadElement} SpreadElement
 * @typedef {import('eslint').Rule.RuleFixer} RuleFixer
 * @typedef {import('eslint').SourceCode} SourceCode
 * @typedef {{ test: Expression, kept: Node, whenTrue: boolean }} Choice
 */

/** @type {import('eslint').Rule.RuleModule} */
export const noConditionalSpread = {
  meta: {
    type: 'suggestion',
    fixable: 'code',
    // The path of the helper's file from the root; without it, nothing is rewritten.
    schema: [
      { type: 'object', properties: { helper: { type: 'string' } }, additionalProperties: false },
    ],
    messages: {
      conditional:
        'Write the member with a value that may be undefined, and drop what is undefined: `defined({ … })`.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    const options = /** @type {unknown} */ (context.options[0]);
    const { helper } = /** @type {{ helper?: string }} */ (options ?? {});
    return {
      'ObjectExpression > SpreadElement'(/** @type {SpreadElement & Node} */ node) {
        const choice = choiceIn(node.argument);
        if (choice === undefined) return;
        const member = memberOf(choice, node, sourceCode);
        report(node, member, (fixer, text) => rewritten(fixer, node, text, sourceCode));
      },
      ConditionalExpression(/** @type {ConditionalExpression & Node} */ node) {
        const choice = choiceIn(node);
        if (choice?.kept.type !== 'ObjectExpression' || isSpread(node, sourceCode)) return;
        if (comparedWithUndefined(choice.test, choice.whenTrue) === undefined) return;
        if (choice.kept.properties.some(needsValue)) return;
        const member = memberOf(choice, node, sourceCode);
        report(node, member, (fixer, text) => [fixer.replaceText(node, `defined({ ${text} })`)]);
      },
    };

    function report(
      /** @type {Node} */ node,
      /** @type {string | undefined} */ member,
      /** @type {(fixer: RuleFixer, member: string) => import('eslint').Rule.Fix[]} */ fixed,
    ) {
      context.report({
        node,
        messageId: 'conditional',
        fix:
          helper === undefined || member === undefined
            ? null
            : (fixer) => [...imported(fixer, helper, context), ...fixed(fixer, member)],
      });
    }
  },
};

/** Whether the member's key is computed from more than a name: such a member has no form without the value. */
function needsValue(/** @type {ObjectExpression['properties'][number]} */ one) {
  return one.type === 'Property' && one.computed && one.key.type !== 'Identifier';
}

/** Whether the expression is spread in an object: that is reported once, with the spread. */
function isSpread(/** @type {Node} */ node, /** @type {SourceCode} */ sourceCode) {
  const ancestors = sourceCode.getAncestors(node).filter((one) => !isWrapper(one));
  return (
    ancestors.at(-1)?.type === 'SpreadElement' && ancestors.at(-2)?.type === 'ObjectExpression'
  );
}

/** The choice between an object and an empty one, if the expression is one. */
function choiceIn(/** @type {Expression} */ expression) {
  const choice = unwrapped(expression);
  if (choice.type === 'LogicalExpression') {
    const kept = unwrapped(choice.right);
    if (choice.operator !== '&&' || kept.type !== 'ObjectExpression') return undefined;
    return { test: choice.left, kept, whenTrue: true };
  }
  if (choice.type !== 'ConditionalExpression') return undefined;
  const { test, consequent, alternate } = choice;
  if (isEmpty(alternate)) return { test, kept: unwrapped(consequent), whenTrue: true };
  if (isEmpty(consequent)) return { test, kept: unwrapped(alternate), whenTrue: false };
  return undefined;
}

function isEmpty(/** @type {Expression} */ node) {
  const object = unwrapped(node);
  return object.type === 'ObjectExpression' && object.properties.length === 0;
}

/**
 * The same as one member, `name` or `name: test ? value : undefined`: for an object of one plain
 * member and without a comment, which would be lost.
 */
function memberOf(
  /** @type {Choice} */ { test, kept, whenTrue },
  /** @type {Node} */ whole,
  /** @type {SourceCode} */ sourceCode,
) {
  if (kept.type !== 'ObjectExpression' || kept.properties.length !== 1) return undefined;
  const [property] = kept.properties;
  if (property?.type !== 'Property' || property.kind !== 'init' || property.method)
    return undefined;
  // A key that is computed from the value would be computed without it.
  if (property.computed && property.key.type !== 'Identifier') return undefined;
  if (sourceCode.getCommentsInside(whole).length > 0) return undefined;
  const value = sourceCode.getText(property.value);
  const asked = comparedWithUndefined(test, whenTrue);
  const isSimple = asked?.type === 'Identifier' || asked?.type === 'MemberExpression';
  if (isSimple && sourceCode.getText(asked) === value) return sourceCode.getText(property);
  const key = sourceCode.getText(property.key);
  const name = property.computed ? `[${key}]` : key;
  const condition = sourceCode.getText(test);
  return whenTrue
    ? `${name}: ${condition} ? ${value} : undefined`
    : `${name}: ${condition} ? undefined : ${value}`;
}

/** Returns `x` if the choice is `x === undefined ? {} : …` or `x !== undefined ? … : {}`. */
function comparedWithUndefined(/** @type {Expression} */ test, /** @type {boolean} */ whenTrue) {
  if (test.type !== 'BinaryExpression' || test.operator !== (whenTrue ? '!==' : '==='))
    return undefined;
  const { left, right } = test;
  return right.type === 'Identifier' && right.name === 'undefined' ? left : undefined;
}

/**
 * Behind another spread the member is dropped by itself, so that an undefined one hides nothing that
 * was spread before; otherwise the helper takes the whole object.
 */
function rewritten(
  /** @type {RuleFixer} */ fixer,
  /** @type {SpreadElement & Node} */ spread,
  /** @type {string} */ member,
  /** @type {SourceCode} */ sourceCode,
) {
  const object = /** @type {ObjectExpression & Node} */ (spread.parent);
  const before = object.properties.slice(0, object.properties.indexOf(spread));
  if (before.some((one) => one.type === 'SpreadElement' && choiceIn(one.argument) === undefined))
    return [fixer.replaceText(spread, `...defined({ ${member} })`)];
  const { parent } = object;
  const isWrapped =
    parent.type === 'CallExpression' && sourceCode.getText(parent.callee) === 'defined';
  if (isWrapped) return [fixer.replaceText(spread, member)];
  return [
    fixer.insertTextBefore(object, 'defined('),
    fixer.replaceText(spread, member),
    fixer.insertTextAfter(object, ')'),
  ];
}

/** The helper's import behind the file's last one, unless it is there. */
function imported(
  /** @type {RuleFixer} */ fixer,
  /** @type {string} */ helper,
  /** @type {import('eslint').Rule.RuleContext} */ { cwd, filename, sourceCode },
) {
  const imports = sourceCode.ast.body.filter((node) => node.type === 'ImportDeclaration');
  const names = imports.flatMap((one) => one.specifiers.map(({ local }) => local.name));
  if (names.includes('defined')) return [];
  const path = relative(dirname(filename), `${cwd}/${helper}`);
  const line = `import { defined } from '${path.startsWith('.') ? path : `./${path}`}';\n`;
  const last = imports.at(-1);
  return [
    last === undefined
      ? fixer.insertTextBeforeRange([0, 0], line)
      : fixer.insertTextAfter(last, `\n${line.trimEnd()}`),
  ];
}
