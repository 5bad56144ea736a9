/**
 * `netwright resolve`, inside the sandbox.
 *
 * @module
 */

import { HOSTS_FILE } from "../../commands/host/resolve.ts";
import type { ResolvePlan } from "../../commands/host/resolve.ts";
import { findRecords, jsonLine } from "../../../net/internal.ts";
import { ConnectError, LineReader } from "../../../net/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import { lookUpHosts } from "../../connect/hosts_files.ts";
import { mapConcurrent } from "../../connect/map_concurrent.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<ResolvePlan> = {
  async run(plan, context) {
    const { names, types, servers, search, ndots, timeoutMs, ttl: showsTtl } = plan;
    const hosts = plan.usesHostsFile ? await context.host.readText(HOSTS_FILE) ?? "" : "";
    const longest = Math.max(0, ...names.map((name) => name.length));
    const table = new Table(context.stdout, {
      headings: ["NAME", "TYPE", ...(showsTtl ? ["TTL"] : []), "VALUE"],
      widths: [longest, 5],
    });
    return await mapConcurrent(
      names.length > 0 ? names : namesFrom(context),
      async (asked): Promise<{ readonly name: string; readonly records: readonly Found[] }> => {
        const local = lookUpHosts(hosts, asked);
        if (local.length > 0) return { name: asked, records: local };
        if (servers.length > 0) {
          return await findRecords(context.network, asked, {
            types,
            servers,
            search,
            ndots,
            timeoutMs,
          });
        }
        throw new ConnectError("no name server is known", {
          operation: "look up",
          peer: asked,
          kind: "name not found",
          hint: "--server names one",
        });
      },
      async (asked, { name, records }) => {
        const isSearched = name.length > asked.length && name.startsWith(`${asked}.`);
        const shown = isSearched ? name : asked;
        for (const { type, ttl, value, aliases = [] } of records) {
          if (context.json) {
            const more = aliases.length > 0 ? { aliases } : {};
            await context.stdout.json({ name: shown, type, ttl, value, ...more });
            continue;
          }
          const seconds = showsTtl ? [ttl ?? "-"] : [];
          const text = formatRecord(type, value);
          if (plan.short) await context.stdout.line([...seconds, text].join("\t"));
          else {
            await table.row(shown, type, ...seconds, text);
          }
        }
      },
      context,
      "resolve",
    );
  },
};

/** A record of a name server, or of /etc/hosts, which knows less. */
interface Found {
  readonly type: string;
  readonly ttl?: number;
  readonly value: unknown;
  readonly aliases?: readonly string[];
}

async function* namesFrom(context: Context): AsyncGenerator<string> {
  const reader = new LineReader(context.stdin, { maxLineBytes: 4096 });
  for await (const line of reader.lines()) if (line.trim() !== "") yield line.trim();
}

/** Fields whose texts zone files write in quotes; a name server may put anything into them. */
const QUOTED: Readonly<Record<string, readonly string[]>> = {
  CAA: ["value"],
  NAPTR: ["flags", "services", "regexp"],
  URI: ["target"],
};

/** A value as zone files write it, in one line. */
function formatRecord(type: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(jsonLine).join(" ");
  return Object.entries(value as Record<string, unknown>).map(([field, content]) => {
    if (field === "critical") return content === true ? 128 : 0;
    const isBare = typeof content !== "string" ||
      QUOTED[type]?.includes(field) !== true && /^[!-~]*$/.test(content);
    return isBare ? content : jsonLine(content);
  }).join(" ");
}
