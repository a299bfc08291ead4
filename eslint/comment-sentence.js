/** A comment is a sentence with a subject and a verb: none begins with a stranded "Of …" or "What …". */

/** @typedef {import('estree').Comment} Comment */

/** @type {import('eslint').Rule.RuleModule} */
export const commentSentence = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      stranded: 'This comment begins with "Of" or "What": say what is meant as a sentence.',
    },
  },
  create(context) {
    return {
      Program() {
        /** @type {Comment | undefined} */
        let previous;
        for (const comment of context.sourceCode.getAllComments()) {
          const goesOn = previous !== undefined && continues(previous, comment);
          if (!goesOn && isStranded(comment.value))
            context.report({
              loc: /** @type {import('estree').SourceLocation} */ (comment.loc),
              messageId: 'stranded',
            });
          previous = comment;
        }
      },
    };
  },
};

/** Whether both are `//` lines of one text, one below the other. */
function continues(/** @type {Comment} */ above, /** @type {Comment} */ below) {
  if (above.type !== 'Line' || below.type !== 'Line' || !above.loc || !below.loc) return false;
  const [from, to] = [above.loc.start, below.loc.start];
  return to.line === from.line + 1 && to.column === from.column;
}

function isStranded(/** @type {string} */ text) {
  return /^[\s*]*(of|what)\b/i.test(text);
}
