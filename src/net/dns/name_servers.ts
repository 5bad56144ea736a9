/**
 * What all lookups share: valid names, several name servers, several record types.
 *
 * @module
 */

import { parseLabels, showLabel } from "./dns_message.ts";
import { asciiDomain } from "../address/ascii_domain.ts";
import { Deadline } from "../core/deadline.ts";
import type { HostEndpoint } from "../address/endpoint.ts";
import { ConnectError, TimeoutError } from "../core/errors.ts";

/** Longest wait in milliseconds for a name server, if another one can be asked. */
const NEXT_SERVER_MS = 3000;

/** Whether an error says that there is no such name or record. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ConnectError && error.kind === "name not found";
}

/**
 * The form of a name that the DNS has: at most 63 bytes in a label and 253 in all (RFC 1035 §2.3.4), other letters as
 * A-labels (RFC 5891, by UTS #46).
 *
 * @param text The name; `.` is the root.
 * @returns It; undefined if the DNS could hold no such name.
 */
export function toDnsName(text: string): string | undefined {
  const name = asciiDomain(text) ?? text;
  const labels = parseLabels(name);
  return labels && (labels.map(showLabel).join(".") || ".");
}

/**
 * Asks name servers one after the other, until one answers or says that there is no such name.
 *
 * @param servers The servers; at least one.
 * @param deadline Ends it; all but the last server get a few seconds of it at most.
 * @param ask Asks one; the signal ends the question.
 * @returns The result of the query.
 * @throws The error of the last one, unless a server reported that the name does not exist.
 */
export async function askInTurn<S extends HostEndpoint | undefined, T>(
  servers: readonly S[],
  deadline: Deadline,
  ask: (server: S, deadline: Deadline) => Promise<T>,
): Promise<T> {
  let failure: unknown;
  for (const [index, server] of servers.entries()) {
    const left = servers.length - index;
    try {
      if (left === 1) return await deadline.wait(ask(server, deadline), () => {});
      const timeoutMs = Math.max(1, Math.min(NEXT_SERVER_MS, deadline.remainingMs / left));
      using attempt = new Deadline({ signal: deadline.signal, timeoutMs });
      return await attempt.wait(ask(server, attempt), () => {});
    } catch (error) {
      deadline.throwIfExpired();
      if (isNotFound(error)) throw error;
      // A server that refused says more than one that did not answer.
      if (failure === undefined || !(error instanceof TimeoutError)) failure = error;
    }
  }
  throw failure;
}

/**
 * Joins the answers to questions about one name.
 *
 * @param questions A promise for each question.
 * @returns The answers, in the order of the questions; empty if each was answered by "not found", with these errors.
 * @throws The first other failure, if nothing was found.
 */
export async function gather<T>(
  questions: readonly Promise<readonly T[]>[],
): Promise<{ readonly answers: readonly T[]; readonly missing: readonly ConnectError[] }> {
  const results = await Promise.allSettled(questions);
  const answers = results.flatMap((result) => result.status === "fulfilled" ? result.value : []);
  const failures = results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
  const worse = failures.find((failure) => !isNotFound(failure));
  if (answers.length === 0 && worse !== undefined) throw worse;
  return { answers, missing: failures };
}
