/**
 * The body of a request, read from files and standard input.
 *
 * @module
 */

import { concat, toBytes } from "../../net/internal.ts";
import { ByteReader } from "../../net/mod.ts";
import { multipartForm, type RequestBody } from "../../protocols/http/mod.ts";
import { openFile, regularSize } from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import type { BodyPart, BodyPlan, FormPart } from "./plans.ts";

/** Most bytes of standard input that are kept in memory, so that they can be sent again. */
const MAX_INPUT_BYTES = 256 * 1024 * 1024;

/** Bytes of standard input that are kept where a login may follow. */
const KEPT_BYTES = 1024 * 1024;

/** A body, and its media type. */
export interface OpenBody {
  /** The body. */
  readonly body: RequestBody;
  /** The value of `Content-Type`. */
  readonly type: string;
  /** How many bytes it has; undefined if that is not known. */
  readonly bytes: number | undefined;
}

/**
 * Opens a body.
 *
 * @param plan Which.
 * @param context Where standard input is.
 * @param mayLogIn Whether the body may have to be sent again after a login.
 * @returns The body.
 * @throws {NetwrightError} If a file cannot be read.
 */
export async function openBody(
  plan: BodyPlan,
  context: Context,
  mayLogIn: boolean,
): Promise<OpenBody> {
  if (plan.kind === "form") return await formBody(plan.values, context);
  const [first] = plan.parts;
  if (plan.parts.length === 1 && first?.kind === "file") {
    const size = await regularSize(first.path);
    const type = plan.type ?? await typeOf(first.path);
    if (size === 0) {
      // Files of the system, such as those below /proc, say so and are longer.
      const body = await contentOf(first, context);
      return { body, type, bytes: body.length };
    }
    return {
      body: { bytes: size, isRepeatable: size !== undefined, open: () => piecesOf(first.path) },
      type,
      bytes: size,
    };
  }
  const type = plan.type ?? "application/octet-stream";
  if (plan.parts.length === 1 && first?.kind === "stdin" && plan.type === undefined) {
    const source = new ByteReader(context.stdin);
    const begin: Uint8Array[] = [];
    if (mayLogIn) {
      // A short one is kept, for it may have to be sent again.
      let size = 0;
      while (size < KEPT_BYTES && (source.buffered > 0 || await source.fill())) {
        begin.push(source.takeBuffered());
        size += begin.at(-1)!.length;
      }
      if (size < KEPT_BYTES) return { body: concat(begin), type, bytes: size };
    }
    // What comes from a pipe goes as it comes.
    let begun = false;
    const body: RequestBody = {
      bytes: undefined,
      // As long as nothing of it was read, it can be sent after a login.
      get isRepeatable() {
        return !begun;
      },
      async *open() {
        begun = true;
        yield* begin;
        yield* source.body();
      },
    };
    return { body, type, bytes: undefined };
  }
  const parts: Uint8Array[] = [];
  for (const part of plan.parts) {
    if (parts.length > 0) parts.push(new TextEncoder().encode("&"));
    parts.push(await contentOf(part, context));
  }
  const body = concat(parts);
  return { body, type, bytes: body.length };
}

async function formBody(values: readonly FormPart[], context: Context): Promise<OpenBody> {
  const opened = [];
  for (const { name, content, fileName, type } of values) {
    if (content.kind !== "file") {
      const bytes = await contentOf(content, context);
      opened.push({ name, content: bytes, fileName, type });
      continue;
    }
    const { path } = content;
    const size = await regularSize(path);
    const bytes = size === 0 ? await contentOf(content, context) : undefined;
    opened.push({
      name,
      content: bytes ?? (() => piecesOf(path)),
      bytes: size,
      fileName,
      type: type ?? await typeOf(fileName ?? path),
    });
  }
  const { body, contentType } = multipartForm(opened);
  return { body, type: contentType, bytes: body.bytes };
}

async function contentOf(part: BodyPart, context: Context): Promise<Uint8Array> {
  if (part.kind === "text") return new TextEncoder().encode(part.text);
  const pieces = part.kind === "stdin"
    ? new ByteReader(context.stdin).body()
    : (await openFile(part.path)).pieces;
  return await toBytes(pieces, MAX_INPUT_BYTES);
}

async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  yield* (await openFile(path)).pieces;
}

async function typeOf(name: string): Promise<string> {
  const { mediaTypeOf } = await import("../../reference/mod.ts");
  return mediaTypeOf(name) || "application/octet-stream";
}
