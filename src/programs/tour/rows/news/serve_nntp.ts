/**
 * A row of the tour.
 *
 * @module
 */

import { parseEndpoint, ReplyError } from "../../../../net/mod.ts";
import { NntpClient } from "../../../../protocols/nntp/mod.ts";
import { Secret } from "../../../../protocols/wire/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveNews } from "./_newsgroups.ts";

/** The row of 8.7. */
export const row: TourRow = {
  id: "8.7",
  program: "serve nntp",
  checked: "a moderated group, a cross-post, a feed of 50 articles, a cancellation",
  async run(tour) {
    const { where, store } = await serveNews(tour);
    const connect = (user?: string) =>
      NntpClient.connect(parseEndpoint(where), {
        network: tour.network,
        ...(user !== undefined && { credentials: { user, password: new Secret("sesame") } }),
      });
    const encode = (text: string) => [new TextEncoder().encode(text)];
    const head = "From: ann@a.example\nSubject: x\n";
    await using anybody = await connect();
    await using ann = await connect("ann");
    const refused = await anybody.post(encode(`${head}Newsgroups: local.announce\n\nx\n`))
      .catch((error) => error);
    expect(refused instanceof ReplyError && refused.code === 441, "an article was not refused");
    const approved = "Approved: ann@a.example\nMessage-ID: <1@a.example>\n";
    await ann.post(encode(`${head}${approved}Newsgroups: local.announce,local.test\n\nx\n`));
    const article = await store.find("<1@a.example>");
    expect(article?.places.size === 2, "the article is not in both groups");
    const offered = Array.from({ length: 50 }, (_, index) => ({
      messageId: `<fed-${index}@b.example>`,
      text: () =>
        encode(
          `Path: b.example!not-for-mail\n${head}Newsgroups: local.test\n` +
            `Message-ID: <fed-${index}@b.example>\nDate: ${new Date().toUTCString()}\n\nx\n`,
        ),
    }));
    const results = await Array.fromAsync(ann.offer([...offered, offered[0]!]));
    const taken = results.filter(({ outcome }) => outcome === "taken").length;
    expect(taken === 50, `${taken} of 50 articles were taken`);
    await ann.post(
      encode(`${head}Control: cancel <1@a.example>\nNewsgroups: local.test\n\nx\n`),
    );
    const { low, high, count } = (await store.group("local.test"))!;
    expect(low === 2 && high === 51 && count === 50, `${low} ${high} ${count}`);
  },
};
