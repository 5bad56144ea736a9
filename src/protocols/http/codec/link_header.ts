/**
 * Related resources that a server names (RFC 8288).
 *
 * @module
 */

/** One related resource. */
export interface LinkValue {
  /** Its URL as written. */
  readonly target: string;
  /** How it is related: the values of `rel`, in lower case. */
  readonly rel: readonly string[];
  /** The parameters, their names in lower case; of one that is repeated, the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Most resources of one response. */
const MAX_LINKS = 1000;

const SEPARATORS = /[ \t,]*/y;
const TARGET = /<([^>]*)>/y;
const PARAMETER = /[ \t]*;[ \t]*([!#$%&'*+.^_`|~\w-]*)[ \t]*/y;
const VALUE = /=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*))/y;

/**
 * Reads the fields `Link`. What is malformed ends its field.
 *
 * @param fields The values of the fields.
 * @returns The related resources, in order.
 *
 * @example The next page
 * ```ts
 * import { parseLinks } from "@netwright/netwright/http";
 * const [next] = parseLinks(['</page2>; rel="next"; title="a, b", </>; rel=start']);
 * if (next?.target !== "/page2" || next.rel.join() !== "next") throw new Error();
 * ```
 */
export function parseLinks(fields: readonly string[]): LinkValue[] {
  return fields.flatMap((field) => [...linksOf(field)]).slice(0, MAX_LINKS);
}

function* linksOf(text: string): Generator<LinkValue> {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    at += found?.[0].length ?? 0;
    return found;
  };
  for (let count = 0; count < MAX_LINKS; count++) {
    take(SEPARATORS);
    const target = take(TARGET)?.[1];
    if (target === undefined) return;
    const parameters = new Map<string, string>();
    for (let found; (found = take(PARAMETER)) !== null;) {
      const [, quoted, bare = ""] = take(VALUE) ?? [];
      const name = found[1]!.toLowerCase();
      if (name === "" || parameters.has(name)) continue;
      parameters.set(name, quoted?.replace(/\\(.)/g, "$1") ?? bare);
    }
    const rel = (parameters.get("rel") ?? "").toLowerCase().split(/[ \t]+/).filter((one) =>
      one !== ""
    );
    yield { target, rel, parameters };
  }
}
