/**
 * The house's own lint rule: a `Tainted` value goes through a validator that checks something, or that says by its name
 * why nothing needs to be checked.
 *
 * @module
 */

/** The plugin, for `deno lint`. */
const plugin: Deno.lint.Plugin = {
  name: "netwright",
  rules: {
    "no-empty-validator": {
      create(context) {
        return {
          'CallExpression[callee.property.name="validate"]'(node: Deno.lint.CallExpression) {
            const [validator] = node.arguments;
            if (validator?.type !== "ArrowFunctionExpression" || validator.params.length !== 1) {
              return;
            }
            const [parameter] = validator.params;
            const { body } = validator;
            if (parameter?.type !== "Identifier" || body.type !== "Identifier") return;
            if (parameter.name !== body.name) return;
            context.report({
              node,
              message: "this validator checks nothing",
              hint: "use forDisplay(), equals(), toKey(), or verbatim for a sink that escapes",
            });
          },
        };
      },
    },
  },
};
export default plugin;
