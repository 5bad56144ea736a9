/**
 * Service names and port numbers: IANA's registry, and additions of the host's `/etc/services`.
 *
 * @module
 */

/** A name of a port. */
export interface PortEntry {
  /** The port number. */
  readonly port: number;
  /** The service's name. */
  readonly name: string;
  /** Transports that it is assigned for: `tcp`, `udp`, `sctp`, `dccp`. */
  readonly transports: readonly string[];
  /** Its description. */
  readonly description: string;
}

type Row = readonly [port: number, transports: string, name: string, description: string];

/**
 * Loads IANA's registry.
 *
 * @returns All names, sorted by port, the usual name of a port first.
 *
 * @example The port of a service
 * ```ts
 * import { findPorts, loadPorts } from "@netwright/netwright/reference";
 * const [entry] = findPorts(await loadPorts(), "daytime");
 * if (entry?.port !== 13) throw new Error("wrong port");
 * ```
 */
export async function loadPorts(): Promise<PortEntry[]> {
  const { default: rows } = await import("./ports.json", { with: { type: "json" } });
  return (rows as unknown as readonly Row[]).map(([port, transports, name, description]) => ({
    port,
    name,
    transports: transports.split(","),
    description,
  }));
}

/**
 * Reads the form of `/etc/services`.
 *
 * @param text The file.
 * @returns Its entries, aliases as entries of their own; lines that make no sense are left out.
 */
export function parseServices(text: string): PortEntry[] {
  const entries = new Map<string, { -readonly [K in keyof PortEntry]: PortEntry[K] }>();
  for (const line of text.split("\n")) {
    const [data = "", ...comment] = line.split("#");
    const [name, where, ...aliases] = data.trim().split(/\s+/);
    const match = /^(\d{1,5})\/(\w+)$/.exec(where ?? "");
    if (name === undefined || match === null) continue;
    const [, port, transport = ""] = match;
    for (const alias of [name, ...aliases]) {
      const key = `${port} ${alias}`;
      const entry = entries.get(key) ??
        { port: Number(port), name: alias, transports: [], description: comment.join("#").trim() };
      if (!entry.transports.includes(transport)) {
        entry.transports = [...entry.transports, transport];
      }
      entries.set(key, entry);
    }
  }
  return [...entries.values()];
}

/**
 * Finds entries by name or number.
 *
 * @param entries Where to look.
 * @param wanted A name, in any case, or a port number in decimal.
 * @param transport Only those assigned for it.
 * @returns All that fit, in order.
 */
export function findPorts(
  entries: readonly PortEntry[],
  requested: string,
  transport?: string,
): PortEntry[] {
  const port = /^\d+$/.test(requested) ? Number(requested) : undefined;
  const name = requested.toLowerCase();
  return entries.filter((entry) =>
    (port === undefined ? entry.name.toLowerCase() === name : entry.port === port) &&
    (transport === undefined || entry.transports.includes(transport))
  );
}

/**
 * Adds entries that are not there yet.
 *
 * @param entries What there is.
 * @param more What may be new, such as the host's own.
 * @returns Both, sorted by port.
 */
export function mergePorts(
  entries: readonly PortEntry[],
  more: readonly PortEntry[],
): PortEntry[] {
  const known = new Set(entries.map(({ port, name }) => `${port} ${name}`));
  const fresh = more.filter(({ port, name }) => !known.has(`${port} ${name}`));
  return [...entries, ...fresh].sort((a, b) => a.port - b.port);
}
