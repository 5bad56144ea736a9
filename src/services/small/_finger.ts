/**
 * Answers queries about users, from a folder of texts (RFC 1288).
 *
 * @module
 */

import {
  Deadline,
  escapeControls,
  InjectionError,
  LineReader,
  LineWriter,
  NetwrightError,
} from "../../net/mod.ts";
import { parseFingerQuery } from "../../protocols/finger/internal.ts";
import { listFiles, readTextInside } from "../../stores/internal.ts";
import { PathGate } from "../../stores/mod.ts";
import type { Service } from "../core/service.ts";

/** Longest query; names are shorter. */
const MAX_QUERY_BYTES = 512;

/**
 * Answers queries about users.
 *
 * @param plans The folder with a text for each user; undefined if there are none.
 * @returns The service.
 */
export function fingerService(plans: string | undefined): Service {
  return {
    name: "finger",
    async handle(connection, { signal, log }): Promise<void> {
      using deadline = new Deadline({ signal, timeoutMs: 30_000 });
      const reader = new LineReader(connection, { maxLineBytes: MAX_QUERY_BYTES, deadline });
      const line = await reader.readLine() ?? "";
      log?.(`query ${JSON.stringify(escapeControls(line))}`);
      const writer = new LineWriter(connection, { deadline });
      for (const text of await answer(line, plans)) {
        // A plan may hold anything; RFC 1288 §3.3 requires filtering, here and in the client.
        writer.queueLine(escapeControls(text));
      }
      await writer.flush();
    },
  };
}

async function answer(line: string, plans: string | undefined): Promise<string[]> {
  const { user, hosts } = parseFingerQuery(line);
  // Passing questions on lets others hide behind this host (RFC 1288 §3.2.1).
  if (hosts.length > 0) return ["Finger forwarding service denied."];
  if (user === "") {
    const users = plans === undefined ? [] : await listFiles(plans);
    return users.length === 0 ? ["No one logged on."] : ["Login", ...users];
  }
  const unknown = [`Login name: ${user}`, "No such user."];
  if (plans === undefined) return unknown;
  try {
    const gate = new PathGate(plans);
    const path = gate.admit(user);
    if (user.includes("/")) return unknown;
    const text = await readTextInside(gate.root, path, 65_536);
    return [`Login name: ${user}`, "Plan:", ...text.trimEnd().split(/\r?\n/)];
  } catch (error) {
    if (error instanceof InjectionError || error instanceof NetwrightError) return unknown;
    throw error;
  }
}
