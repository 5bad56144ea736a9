/**
 * Articles as threads, in lists.
 *
 * @module
 */

import {
  type MessageThread,
  type ThreadedMessage,
  threadsByReferences,
} from "../../mime/internal.ts";
import type { OverviewRecord } from "../../protocols/nntp/mod.ts";

/** Deepest indentation; further replies are not indented more. */
const MAX_DEPTH = 12;

/** An article and its place in its thread. */
export interface ThreadedArticle {
  /** The article. */
  readonly record: OverviewRecord;
  /** How many articles it follows up; 0 for the first one of a thread. */
  readonly depth: number;
}

interface Threaded extends ThreadedMessage {
  readonly record: OverviewRecord;
}

/**
 * Orders articles by threads.
 *
 * @param records The articles.
 * @returns All of them; replies come after the article that they follow up.
 */
export function threaded(records: readonly OverviewRecord[]): readonly ThreadedArticle[] {
  const messages = records.map((record): Threaded => ({
    number: record.number,
    subject: record.subject,
    sent: record.date?.getTime() ?? 0,
    id: record.messageId || undefined,
    references: record.references,
    record,
  }));
  const found: ThreadedArticle[] = [];
  // Without recursion: a thread may be deep.
  const stack: { readonly thread: MessageThread<Threaded>; readonly depth: number }[] =
    threadsByReferences(messages).map((thread) => ({ thread, depth: 0 })).reverse();
  while (stack.length > 0) {
    const { thread: { message, children }, depth } = stack.pop()!;
    if (message !== undefined) found.push({ record: message.record, depth });
    const below = message === undefined ? depth : depth + 1;
    for (const child of children.toReversed()) stack.push({ thread: child, depth: below });
  }
  return found;
}

/**
 * Indents a subject.
 *
 * @param depth How many articles it follows up.
 * @returns Spaces, and a sign if it is a reply.
 */
export function indentation(depth: number): string {
  return depth === 0 ? "" : `${"  ".repeat(Math.min(depth, MAX_DEPTH) - 1)}└ `;
}
