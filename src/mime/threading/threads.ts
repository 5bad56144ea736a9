/**
 * Conversations: messages ordered by their references (RFC 5256 §3, REFERENCES).
 *
 * @module
 */

import { type BaseSubject, baseSubject } from "./base_subject.ts";

/** The facts about a message that threads are made of. */
export interface ThreadedMessage {
  /** Its number, which orders messages of the same time. */
  readonly number: number;
  /** The subject, decoded. */
  readonly subject: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly sent: number;
  /** `Message-ID`; undefined if there is none. */
  readonly id: string | undefined;
  /** Identifiers in `References`, or else the first in `In-Reply-To`. */
  readonly references: readonly string[];
}

/** A message and its replies. */
export interface MessageThread<T extends ThreadedMessage = ThreadedMessage> {
  /** The message; undefined if it is not there, but its replies are. */
  readonly message: T | undefined;
  /** The replies, the oldest first. */
  readonly children: readonly MessageThread<T>[];
}

/** A place in a thread; without a message if that is not there. */
interface Container {
  message: ThreadedMessage | undefined;
  parent: Container | undefined;
  readonly children: Container[];
}

/** Deepest thread; what would be deeper begins another. */
const MAX_DEPTH = 1000;
/** Most references of a message that count. */
const MAX_REFERENCES = 100;

/**
 * Makes threads by references; those with the same subject become one.
 *
 * @param messages The messages.
 * @returns The threads, the oldest first.
 */
export function threadsByReferences<T extends ThreadedMessage>(
  messages: readonly T[],
): readonly MessageThread<T>[] {
  // The messages in the containers are those that came in.
  return mergeSubjects(
    pruned(linked(messages)),
  ) as readonly MessageThread[] as readonly MessageThread<T>[];
}

/** Step 1: all messages as containers, with parents by their references; gives those without a parent. */
function linked(messages: readonly ThreadedMessage[]): Container[] {
  const byId = new Map<string, Container>();
  const all: Container[] = [];
  const containerOf = (id: string): Container => {
    let found = byId.get(id);
    if (found === undefined) {
      found = { message: undefined, parent: undefined, children: [] };
      byId.set(id, found);
      all.push(found);
    }
    return found;
  };
  for (const message of messages) {
    const known = message.id === undefined ? undefined : containerOf(message.id);
    let own = known;
    if (own === undefined || own.message !== undefined) {
      // An identifier that another message has already.
      own = { message: undefined, parent: undefined, children: [] };
      all.push(own);
    }
    own.message = message;
    let parent: Container | undefined;
    for (const id of message.references.slice(-MAX_REFERENCES)) {
      const next = containerOf(id);
      if (parent !== undefined && next.parent === undefined && next.message === undefined) {
        link(next, parent);
      }
      parent = next;
    }
    if (parent === undefined) continue;
    // The references of the message itself count more than those of others.
    unlink(own);
    link(own, parent);
  }
  return all.filter(({ parent }) => parent === undefined);
}

function link(child: Container, parent: Container): void {
  let depth = 0;
  for (let above: Container | undefined = parent; above !== undefined; above = above.parent) {
    if (above === child || ++depth > MAX_DEPTH) return;
  }
  child.parent = parent;
  parent.children.push(child);
}

function unlink(child: Container): void {
  const { parent } = child;
  if (parent === undefined) return;
  parent.children.splice(parent.children.indexOf(child), 1);
  child.parent = undefined;
}

/** Steps 3 and 4: containers without a message go, unless they hold several threads together. */
function pruned(roots: readonly Container[]): Container[] {
  const kept: Container[] = [];
  // Without recursion: a thread may be as deep as there are messages.
  const order: Container[] = [];
  const stack = [...roots];
  while (stack.length > 0) {
    const container = stack.pop()!;
    order.push(container);
    for (const child of container.children) stack.push(child);
  }
  for (const container of order.reverse()) {
    const children = container.children.splice(0).flatMap((child) =>
      child.message !== undefined ? [child] : child.children
    );
    for (const child of children) child.parent = container;
    for (const child of children.sort(byContainer)) container.children.push(child);
  }
  for (const root of roots) {
    if (root.message !== undefined || root.children.length > 1) kept.push(root);
    else for (const child of root.children) kept.push(Object.assign(child, { parent: undefined }));
  }
  return kept.sort(byContainer);
}

/** Step 5: threads with the same subject become one. */
function mergeSubjects(roots: readonly Container[]): Container[] {
  const bySubject = new Map<string, Container>();
  const subjects = new Map<Container, BaseSubject>();
  const subjectOf = (root: Container): BaseSubject => {
    const known = subjects.get(root) ?? baseSubject(firstMessage(root)!.subject);
    subjects.set(root, known);
    return known;
  };
  for (const root of roots) {
    const { text, isReply } = subjectOf(root);
    if (text === "") continue;
    const other = bySubject.get(text);
    const isBetter = other === undefined ||
      root.message === undefined && other.message !== undefined ||
      other.message !== undefined && subjectOf(other).isReply && !isReply;
    if (isBetter) bySubject.set(text, root);
  }
  const kept: Container[] = [];
  const joined = new Map<Container, Container>();
  for (const root of roots) {
    const { text, isReply } = subjectOf(root);
    const found = text === "" ? root : bySubject.get(text)!;
    const other = joined.get(found) ?? found;
    if (found === root) {
      if (!joined.has(root)) kept.push(root);
      continue;
    }
    if (root.message === undefined && other.message === undefined) {
      for (const child of root.children) {
        child.parent = other;
        other.children.push(child);
      }
    } else if (other.message === undefined || isReply && !subjectOf(other).isReply) {
      root.parent = other;
      other.children.push(root);
    } else {
      const both: Container = { message: undefined, parent: undefined, children: [other, root] };
      const at = kept.indexOf(other);
      if (at >= 0) kept[at] = both;
      else kept.push(both);
      joined.set(found, both);
    }
  }
  for (const root of kept) root.children.sort(byContainer);
  return kept.sort(byContainer);
}

function firstMessage(container: Container): ThreadedMessage | undefined {
  return container.message ?? container.children[0]?.message;
}

function byContainer(one: Container, other: Container): number {
  return bySent(firstMessage(one)!, firstMessage(other)!);
}

/** Orders messages by their time. */
export function bySent(one: ThreadedMessage, other: ThreadedMessage): number {
  return one.sent - other.sent || one.number - other.number;
}
