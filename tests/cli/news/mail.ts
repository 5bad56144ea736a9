/**
 * A mail server that keeps what it gets.
 *
 * @module
 */

import { closeQuietly } from "../../../src/net/internal.ts";
import { formatEndpoint, systemNetwork } from "../../../src/net/mod.ts";
import { handleSmtp, SmtpReject } from "../../../src/protocols/smtp/mod.ts";

/** What came. */
export interface ServedSmtp extends AsyncDisposable {
  /** Its host and port. */
  readonly where: string;
  readonly texts: string[];
  /** The recipients of all mails, in order. */
  readonly recipients: string[];
  /** From now on nobody is refused. */
  lift(): void;
}

/** Serves on loopback; one recipient is refused for now. */
export function servedSmtp({ later }: { readonly later?: string } = {}): ServedSmtp {
  const listener = systemNetwork().listen({ transport: "tcp", hostname: "127.0.0.1", port: 0 });
  const texts: string[] = [];
  const recipients: string[] = [];
  let refused = later;
  const sessions = new Set<Promise<void>>();
  const accepting = (async () => {
    for await (const connection of listener) {
      const session = handleSmtp(connection, {
        recipient(address) {
          if (address === refused) throw new SmtpReject(450, "4.7.1 greylisted");
          return Promise.resolve();
        },
        async deliver({ to, text }) {
          texts.push(await new Response(ReadableStream.from(text)).text());
          recipients.push(...to);
        },
      }).catch(() => {}).finally(() => {
        closeQuietly(connection);
        sessions.delete(session);
      });
      sessions.add(session);
    }
  })();
  return {
    where: formatEndpoint(listener.addr as never),
    texts,
    recipients,
    lift: () => refused = undefined,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(sessions);
    },
  };
}
