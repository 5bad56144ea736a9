/**
 * Conversations in the grammar of the response to THREAD (RFC 5256 §3, §5).
 *
 * @module
 */

import {
  baseSubject,
  bySent,
  type MessageThread,
  type ThreadedMessage,
  threadsByReferences,
} from "../../../mime/internal.ts";

/**
 * Makes threads of messages with the same subject: the first is the parent of all others.
 *
 * @param messages The messages.
 * @returns The threads in the grammar of the response.
 */
export function threadBySubject(messages: readonly ThreadedMessage[]): string {
  const threads = new Map<string, ThreadedMessage[]>();
  for (const message of [...messages].sort(bySent)) {
    const { text } = baseSubject(message.subject);
    const thread = threads.get(text);
    if (thread === undefined) threads.set(text, [message]);
    else thread.push(message);
  }
  return [...threads.values()].map(([first, ...rest]) => {
    const children = rest.length === 1
      ? ` ${rest[0]!.number}`
      : rest.map(({ number }) => `(${number})`).join("");
    return `(${first!.number}${rest.length > 1 ? " " : ""}${children})`;
  }).join("");
}

/**
 * Makes threads by references.
 *
 * @param messages The messages.
 * @returns The threads in the grammar of the response.
 */
export function threadByReferences(messages: readonly ThreadedMessage[]): string {
  return threadsByReferences(messages).map((root) => `(${format(root)})`).join("");
}

/** Writes a thread; a line of messages needs no parentheses. */
function format(root: MessageThread): string {
  const text: string[] = [];
  const stack: (MessageThread | string)[] = [root];
  while (stack.length > 0) {
    const next = stack.pop()!;
    if (typeof next === "string") {
      text.push(next);
      continue;
    }
    const { message, children } = next;
    if (message !== undefined) text.push(`${message.number}`);
    if (children.length === 0) continue;
    if (message !== undefined) text.push(" ");
    if (children.length === 1) stack.push(children[0]!);
    else for (const child of children.toReversed()) stack.push(")", child, "(");
  }
  return text.join("");
}
