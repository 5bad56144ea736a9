/**
 * Options for the body of a request.
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import type { BodyPart, BodyPlan, FormPart } from "./plans.ts";

/** Commands whose requests have a body have these. */
export const BODY_OPTIONS: OptionSpecs = {
  data: { value: "TEXT|@FILE", short: "d", many: true, help: "the body; several are joined by &" },
  "data-urlencode": {
    value: "NAME=TEXT",
    rare: true,
    many: true,
    help: "a value of a form, encoded",
  },
  "json-body": { value: "TEXT|@FILE", help: "the body, as application/json" },
  form: {
    value: "NAME=TEXT|NAME=@FILE",
    short: "F",
    many: true,
    help: "a value of a form with files",
  },
  "content-type": { value: "TYPE", rare: true, help: "the media type of the body" },
};

/** Commands whose requests may have one have these. */
export const RARE_BODY_OPTIONS: OptionSpecs = Object.fromEntries(
  Object.entries(BODY_OPTIONS).map(([name, spec]) => [name, { ...spec, rare: true }]),
);

const URLENCODED = "application/x-www-form-urlencoded";

/**
 * Reads the body.
 *
 * @param args The command line.
 * @param file An operand that is the body.
 * @returns The body; undefined if there is none.
 * @throws {UsageError} If options do not go together.
 */
export function planBody(args: Arguments, file?: string): BodyPlan | undefined {
  const kinds = [
    args.has("data") || args.has("data-urlencode"),
    args.has("json-body"),
    args.has("form"),
    file !== undefined,
  ].filter(Boolean).length;
  if (kinds > 1) {
    throw new UsageError("a request has one body: --data, --json-body, --form or FILE");
  }
  const type = args.value("content-type");
  if (type !== undefined && !/^[!-~]+\/[ -~]+$/.test(type)) {
    throw new UsageError("--content-type takes a media type, such as text/plain");
  }
  if (type !== undefined && kinds === 0) throw new UsageError("--content-type requires a body");
  if (args.has("form")) {
    if (type !== undefined) throw new UsageError("--form sets the media type itself");
    return { kind: "form", values: args.values("form").map(formPart) };
  }
  if (args.has("json-body")) {
    const text = args.value("json-body")!;
    const part = partOf(text, "--json-body");
    if (part.kind === "text") requireJson(text);
    return { kind: "data", parts: [part], type: type ?? "application/json" };
  }
  if (file !== undefined) {
    const part: BodyPart = file === "-" ? { kind: "stdin" } : { kind: "file", path: file };
    return { kind: "data", parts: [part], type };
  }
  const parts = [
    ...args.values("data").map((text) => partOf(text, "--data")),
    ...args.values("data-urlencode").map(encodedPart),
  ];
  return parts.length === 0 ? undefined : { kind: "data", parts, type: type ?? URLENCODED };
}

/**
 * Gives the files of a body.
 *
 * @param body The body.
 * @returns What reading them needs.
 */
export function bodyCapabilities(body: BodyPlan | undefined): Capabilities {
  const parts = body === undefined
    ? []
    : body.kind === "data"
    ? body.parts
    : body.values.map(({ content }) => content);
  const read = parts.flatMap((part) => part.kind === "file" ? [part.path] : []);
  return read.length === 0 ? {} : { read };
}

function partOf(text: string, option: string): BodyPart {
  if (text === "@-") return { kind: "stdin" };
  if (!text.startsWith("@")) return { kind: "text", text };
  if (text === "@") throw new UsageError(`${option} @ requires the name of a file`);
  return { kind: "file", path: text.slice(1) };
}

function encodedPart(text: string): BodyPart {
  const equals = text.indexOf("=");
  if (equals <= 0) throw new UsageError("--data-urlencode takes NAME=TEXT");
  const pair: [string, string] = [text.slice(0, equals), text.slice(equals + 1)];
  return { kind: "text", text: new URLSearchParams([pair]).toString() };
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--json-body is no JSON: ${(error as Error).message}`);
  }
}

/** `name=text`, `name=@file`, and behind a file `;type=TYPE` and `;filename=NAME`. */
function formPart(text: string): FormPart {
  const equals = text.indexOf("=");
  if (equals <= 0) throw new UsageError("--form takes NAME=TEXT or NAME=@FILE");
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
  if (!value.startsWith("@")) {
    return { name, content: { kind: "text", text: value }, fileName: undefined, type: undefined };
  }
  const [first = "", ...rest] = value.split(/;(?=(?:type|filename)=)/);
  const facts = new Map(rest.map((one) => {
    const at = one.indexOf("=");
    return [one.slice(0, at), one.slice(at + 1)];
  }));
  const content = partOf(first, "--form");
  const path = content.kind === "file" ? content.path : "stdin";
  return {
    name,
    content,
    fileName: facts.get("filename") ?? path.slice(path.lastIndexOf("/") + 1),
    type: facts.get("type"),
  };
}
