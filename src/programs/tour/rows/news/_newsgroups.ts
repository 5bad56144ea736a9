/**
 * Newsgroups of a row.
 *
 * @module
 */

import { handleNntp } from "../../../../protocols/nntp/mod.ts";
import { MemoryNews } from "../../../../stores/mod.ts";
import type { TourContext } from "../../core/row.ts";

/** A running server and its groups. */
export interface ServedNews {
  /** Where it listens. */
  readonly where: string;
  /** `local.test`, and `local.announce`, which is moderated. */
  readonly store: MemoryNews;
}

/**
 * Serves two groups.
 *
 * @param tour The means of the row.
 * @returns Where, and the groups.
 */
export async function serveNews(tour: TourContext): Promise<ServedNews> {
  const store = new MemoryNews();
  await store.setGroup({ name: "local.test", description: "Tests" });
  await store.setGroup({ name: "local.announce", description: "Announcements", status: "m" });
  const where = await tour.serveStream((connection) =>
    handleNntp(connection, {
      store,
      users: { checkPassword: (_, password) => Promise.resolve(password === "sesame") },
      insecureAuth: true,
      feeding: true,
    })
  );
  return { where, store };
}
