/**
 * Responses at the terminal.
 *
 * @module
 */

import { reasonPhrase } from "../../protocols/http/internal.ts";
import type { ClientResponse } from "../../protocols/http/mod.ts";
import type { Output } from "../terminal/output.ts";

/**
 * Prints status and header fields, as over HTTP/1.1.
 *
 * @param response The response.
 * @param stdout Where.
 */
export async function printHead(response: ClientResponse, stdout: Output): Promise<void> {
  const { version, status, reason, headers } = response;
  await stdout.peerLine(
    `HTTP/${version} ${status} ${reason || reasonPhrase(status)}`.trimEnd(),
  );
  for (const [name, value] of headers) await stdout.peerLine(`${titled(name)}: ${value}`);
  await stdout.line();
}

/** Names as most servers write them: `Content-Type`. */
function titled(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/**
 * Gives a response as data.
 *
 * @param response The response, its body read.
 * @param totalMs Time for all of it, in milliseconds.
 * @returns The facts for `--json`.
 */
export function responseFacts(
  response: ClientResponse,
  totalMs: number,
): Readonly<Record<string, unknown>> {
  const { url, status, version, headers, history, timing, remote, headMs } = response;
  return {
    url,
    status,
    version,
    headers: Object.fromEntries(
      [...new Set([...headers].map(([name]) => name))].map((name) => {
        const values = headers.all(name);
        return [name, values.length === 1 ? values[0] : values];
      }),
    ),
    bytes: response.bytesRead,
    remote,
    redirects: history.map(({ status, url, location, reason }) => ({
      status,
      url,
      location,
      reason,
    })),
    timing: { ...timing, firstByteMs: headMs, totalMs },
  };
}

/**
 * Prints how long the phases took.
 *
 * @param response The response, its body read.
 * @param totalMs Time for all of it, in milliseconds.
 * @param output Where.
 */
export async function printTiming(
  { timing, history, headMs }: ClientResponse,
  totalMs: number,
  output: Output,
): Promise<void> {
  const { lookUpMs, connectMs, tlsMs, sendMs, waitMs } = timing;
  const before = history.reduce((sum, { ms }) => sum + ms, 0);
  const rows: [string, number][] = [
    ...history.length > 0 ? [["redirects, logins", before] as [string, number]] : [],
    ["look-up", lookUpMs],
    ["connect", connectMs],
    ["TLS", tlsMs],
    ["send", sendMs],
    ["wait", waitMs],
    ["receive", Math.max(0, totalMs - headMs)],
    ["total", totalMs],
  ];
  for (const [name, ms] of rows) {
    await output.line(`${name.padEnd(18)}${ms.toFixed(1).padStart(9)} ms`);
  }
}
