/**
 * Plans of `http` commands that several modules execute.
 *
 * @module
 */

import type { Capabilities } from "../../net/mod.ts";
import type { HttpPlan, WebTarget } from "./options.ts";

/** A part of the body that the user gave. */
export type BodyPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stdin" };

/** The body of a request. */
export type BodyPlan =
  | {
    readonly kind: "data";
    readonly parts: readonly BodyPart[];
    readonly type: string | undefined;
  }
  | { readonly kind: "form"; readonly values: readonly FormPart[] };

/** One value of a form with files. */
export interface FormPart {
  /** The field. */
  readonly name: string;
  /** The value. */
  readonly content: BodyPart;
  /** The name that the file is sent under. */
  readonly fileName: string | undefined;
  /** Its media type; by its name if absent. */
  readonly type: string | undefined;
}

/** Where a body goes. */
export type OutputPlan =
  | { readonly kind: "stdout" }
  | { readonly kind: "nowhere" }
  | {
    readonly kind: "file";
    readonly path: string;
    readonly resume: boolean;
    /** Whether the server's name for it counts, if it gives one. */
    readonly isNamedByServer?: boolean;
  };

/** One request, and what becomes of the response. */
export interface RequestPlan {
  /** How servers are asked. */
  readonly http: HttpPlan;
  /** What all of it needs. */
  readonly needs: Capabilities;
  /** The method. */
  readonly method: string;
  /** The resource. */
  readonly target: WebTarget;
  /** The body. */
  readonly body: BodyPlan | undefined;
  /** Where the body of the response goes. */
  readonly output: OutputPlan;
  /** Whether an existing file is replaced. */
  readonly overwrite: boolean;
  /** Whether the head of the response is printed too. */
  readonly include: boolean;
  /** Whether compressed bodies are asked for. */
  readonly compressed: boolean;
  /** Which statuses fail: all errors, all errors without their body, none. */
  readonly failing: "status" | "quietly" | "never";
  /** Whether times are printed. */
  readonly timing: boolean;
  /** Part of the resource, as `Range` has it. */
  readonly range: string | undefined;
  /** Bytes a second. */
  readonly rate: number | undefined;
  /** Largest body, in bytes. */
  readonly maxBytes: number | undefined;
}
