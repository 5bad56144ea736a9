/**
 * Stands in for `@std/yaml` where JSR is out of reach: the same signatures, over npm's `js-yaml`.
 *
 * @module
 */

import { DEFAULT_SCHEMA, FAILSAFE_SCHEMA, load, YAMLException } from "js-yaml";

/** As in `@std/yaml`. */
export interface ParseOptions {
  /** The schema: `failsafe` reads every scalar as a string. */
  readonly schema?: "failsafe" | "default";
}

/** As in `@std/yaml`: a document that is not YAML. */
export class YamlSyntaxError extends SyntaxError {
  override name = "YamlSyntaxError";

  /**
   * @param message The error.
   * @param line Line of the document, from 1.
   * @param column Column of the line, from 1.
   */
  constructor(message: string, readonly line: number, readonly column: number) {
    super(`${message} at line ${line}, column ${column}`);
  }
}

/** As in `@std/yaml`: parses one document; an empty one is null. */
export function parse(content: string, { schema = "default" }: ParseOptions = {}): unknown {
  try {
    const data = load(content, {
      schema: schema === "failsafe" ? FAILSAFE_SCHEMA : DEFAULT_SCHEMA,
    });
    return data ?? null;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // The library brings no types.
    const { reason, mark } = error as {
      reason: string;
      mark?: { line: number; column: number };
    };
    throw new YamlSyntaxError(reason, (mark?.line ?? 0) + 1, (mark?.column ?? 0) + 1);
  }
}
