/**
 * Servers that do what no server should, for whatever connects.
 *
 * @module
 */

import { type AddressInfo, createServer } from "node:net";

/** A running server. */
export interface HostileServer extends AsyncDisposable {
  /** Where. */
  readonly endpoint: string;
}

/** A server's behaviour on a connection. */
type Act = (connection: Deno.TcpConn) => Promise<void>;

/** Starts a server of each kind, by name. */
export const HOSTILE_SERVERS = {
  /** Resets the connection in the middle of a line. */
  reset: startResetting,
  /** Hangs up without a word. */
  hangup: () => start((connection) => connection.closeWrite()),
  /** Says nothing and stays. */
  silence: () => start(async () => {}),
  /** Sends a hundred megabytes without an end of line. */
  endless: () => start((connection) => send(connection, new Uint8Array(65_536).fill(120), 1526)),
  /** Sends bytes of all kinds. */
  rubbish: () => start((connection) => send(connection, RUBBISH)),
  /** Sends what would take over a terminal. */
  escapes: () => start((connection) => send(connection, ESCAPES)),
} as const satisfies Record<string, () => Promise<HostileServer>>;

/** The name of a kind. */
export type HostileKind = keyof typeof HOSTILE_SERVERS;

const ESCAPES = new TextEncoder().encode("\x1b]0;owned\x07\x1b[2J\u202egnp.exe\x9b31mred\r\n");

/** From a generator of pseudo-random numbers (Numerical Recipes), so that each run is the same. */
const RUBBISH = ((): Uint8Array => {
  let state = 1;
  const next = (): number => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) >>> 24;
  return Uint8Array.from({ length: 50_000 }, next);
})();

async function send(connection: Deno.TcpConn, bytes: Uint8Array, times = 1): Promise<void> {
  for (let time = 0; time < times; time++) {
    for (let done = 0; done < bytes.length;) {
      done += await connection.write(bytes.subarray(done));
    }
  }
  await connection.closeWrite();
}

// deno-lint-ignore require-await -- as its sister, which waits for its server
async function start(act: Act): Promise<HostileServer> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();
  const serving = (async (): Promise<void> => {
    for await (const connection of listener) {
      open.add(connection);
      // Clients hang up on it, and they may.
      Promise.all([act(connection), drain(connection)]).catch(() => {});
    }
  })();
  return {
    endpoint: `127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
      for (const connection of open) connection.close();
    },
  };
}

async function drain(connection: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(4096);
  while (await connection.read(buffer) !== null);
}

/** Only Node's sockets can be reset at will. */
async function startResetting(): Promise<HostileServer> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.write("half a li", () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
