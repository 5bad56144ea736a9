/**
 * Serves the files of a folder over HTTP/1.1 (15.1 of the book's list).
 *
 * @module
 */

import { asShown, cleanText, NetwrightError, Tainted } from "../net/mod.ts";
import { serveHttp } from "../protocols/http/mod.ts";
import { PublicFiles } from "../stores/mod.ts";
import { StaticSite } from "./http/static_site.ts";
import type { ServiceModule } from "./service.ts";

/** The http service. */
export const service: ServiceModule = {
  name: "http",
  summary: "serve the files of a folder (RFC 9112)",
  port: 8080,
  options: { root: { value: "DIR", help: "the folder; the working one if absent" } },
  capabilities: ({ root = "." }) => ({ read: [root] }),
  async stream({ root = "." }) {
    const files = new PublicFiles(root);
    if ((await files.open(""))?.kind !== "folder") {
      throw new NetwrightError("there is no such folder", { operation: "serve", peer: root });
    }
    const site = new StaticSite(files);
    return {
      name: "http",
      async handle(connection, { traffic, log, now }): Promise<void> {
        await serveHttp(connection, (head) => site.answer(head), {
          now,
          onAnswer({ head, status, bodyBytes, sent, received }) {
            traffic.sent += sent;
            traffic.received += received;
            if (log === undefined) return;
            const what = head === undefined ? "-" : `${head.method} ${head.target}`;
            const agent = new Tainted(head?.headers.get("user-agent") ?? "-").launder(asShown);
            log(`"${cleanText(what, { maxLength: 500 })}" ${status} ${bodyBytes} "${agent}"`);
          },
        });
      },
    };
  },
};
