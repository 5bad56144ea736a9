/**
 * Forms with files (RFC 7578), sent as they are read.
 *
 * @module
 */

import { InjectionError } from "../../../net/mod.ts";
import type { StreamedBody } from "../transport/http_request.ts";

/** One value of a form. */
export interface FormValue {
  /** The field's name. */
  readonly name: string;
  /** The value: text, bytes, or what opens a file each time that it is sent. */
  readonly content: string | Uint8Array | (() => AsyncIterable<Uint8Array>);
  /** How many bytes a file has; undefined if that is not known. */
  readonly bytes?: number | undefined;
  /** The name of the file; none if it is no file. */
  readonly fileName?: string | undefined;
  /** Its media type. */
  readonly type?: string | undefined;
}

/** A form, and what its field `Content-Type` is to say. */
export interface MultipartForm {
  /** The body. */
  readonly body: StreamedBody;
  /** The media type with the boundary. */
  readonly contentType: string;
}

const encoder = new TextEncoder();

/**
 * Makes the body of a form.
 *
 * @param values The values, in order.
 * @param boundary What divides them; it must not stand in any of them. @default {random}
 * @returns The body, which can be sent again, and its media type.
 * @throws {InjectionError} If a media type or a file's name holds what would end a line.
 *
 * @example A text and a file
 * ```ts
 * import { multipartForm } from "@netwright/netwright/http";
 * const { body, contentType } = multipartForm([
 *   { name: "who", content: "ann" },
 *   { name: "letter", content: new Uint8Array(3), fileName: "a.bin" },
 * ]);
 * if (body.bytes === undefined || !contentType.startsWith("multipart/form-data; boundary=")) {
 *   throw new Error("not a form");
 * }
 * ```
 */
export function multipartForm(
  values: readonly FormValue[],
  boundary: string = `----netwright${crypto.randomUUID().replaceAll("-", "")}`,
): MultipartForm {
  const parts = values.map((value) => {
    const content = typeof value.content === "string"
      ? encoder.encode(value.content)
      : value.content;
    const bytes = content instanceof Uint8Array ? content.length : value.bytes;
    return { head: encoder.encode(headOf(value, boundary)), content, bytes };
  });
  const end = encoder.encode(`--${boundary}--\r\n`);
  const sizes = parts.map(({ head, bytes }) => bytes === undefined ? NaN : head.length + bytes + 2);
  const total = sizes.reduce((sum, size) => sum + size, end.length);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: {
      bytes: Number.isNaN(total) ? undefined : total,
      isRepeatable: true,
      async *open() {
        for (const { head, content } of parts) {
          yield head;
          if (content instanceof Uint8Array) yield content;
          else yield* content();
          yield encoder.encode("\r\n");
        }
        yield end;
      },
    },
  };
}

function headOf({ name, fileName, type }: FormValue, boundary: string): string {
  if (type !== undefined && !/^[\t -~]+$/.test(type)) {
    throw new InjectionError("a media type holds a control character", {
      operation: "make a form",
    });
  }
  const file = fileName === undefined ? "" : `; filename="${escapeName(fileName)}"`;
  const kind = type ?? (fileName === undefined ? undefined : "application/octet-stream");
  return `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"${file}\r\n` +
    (kind === undefined ? "" : `Content-Type: ${kind}\r\n`) + "\r\n";
}

/** As browsers write names (WHATWG HTML §4.10.21.8). */
function escapeName(name: string): string {
  return name.replace(/\r\n|\r|\n/g, "%0D%0A").replaceAll('"', "%22");
}

/**
 * Makes the body of a form without files: `application/x-www-form-urlencoded`.
 *
 * @param values Names and values, in order.
 * @returns The body.
 */
export function urlencodedForm(
  values: readonly (readonly [name: string, value: string])[],
): string {
  return new URLSearchParams(values.map(([name, value]) => [name, value])).toString();
}
