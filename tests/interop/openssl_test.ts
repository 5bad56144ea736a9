import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { closeQuietly } from "../../src/net/internal.ts";
import {
  type Connection,
  LineReader,
  secure,
  type SecureServerOptions,
  systemNetwork,
  TlsError,
  writeAll,
} from "../../src/net/mod.ts";
import { certificates } from "../support/certificates.ts";
import { hasOpenssl, runClient, startServer } from "./peers/openssl.ts";

const missing = !await hasOpenssl();
if (missing && Deno.env.get("CI") === "true") throw new Error("openssl is missing");
const test = (name: string, fn: (t: Deno.TestContext) => Promise<void>): void =>
  Deno.test({ name: missing ? `${name} (skipped: no openssl)` : name, ignore: missing, fn });

const network = systemNetwork();

/** The connection as something that is not the runtime's socket, so that the other upgrade is taken. */
function wrapped(connection: Connection): Connection {
  return {
    localAddr: connection.localAddr,
    remoteAddr: connection.remoteAddr,
    read: (p) => connection.read(p),
    write: (p) => connection.write(p),
    closeWrite: () => connection.closeWrite(),
    close: () => closeQuietly(connection),
    [Symbol.dispose]: () => closeQuietly(connection),
  };
}

test("our client and openssl s_server", async (t) => {
  const { ca, otherCa, client, folder } = await certificates();
  const cases: readonly {
    readonly name: string;
    readonly files: string;
    readonly args?: readonly string[];
    readonly trusted?: string;
    readonly own?: { readonly cert: string; readonly key: string };
    readonly refused?: RegExp;
  }[] = [
    { name: "a good server", files: "server" },
    { name: "TLS 1.2", files: "server", args: ["-tls1_2"] },
    {
      name: "a server that requires a certificate",
      files: "server",
      args: ["-Verify", "1", "-CAfile", "ca.pem", "-verify_return_error"],
      own: client,
    },
    { name: "wrong host", files: "wrong-host", refused: /but for other\.example/ },
    { name: "expired", files: "expired", refused: /expired on 2020-02-01/ },
    { name: "self-signed", files: "self-signed", refused: /is self-signed/ },
    {
      name: "unknown authority",
      files: "server",
      trusted: otherCa,
      refused: /authority that we do not know/,
    },
    {
      name: "TLS 1.1 only",
      files: "server",
      args: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
      refused: /./,
    },
  ];
  for (const { name, files, args = [], trusted = ca, own = {}, refused } of cases) {
    for (const wrap of [(c: Connection) => c, wrapped]) {
      await t.step(`${name}, by ${wrap === wrapped ? "node:tls" : "the runtime"}`, async () => {
        const keys = ["-cert", `${files}.pem`, "-key", `${files}.key`];
        await using server = await startServer(folder, [...keys, ...args]);
        const connect = async () =>
          wrap(await network.connect({ hostname: "127.0.0.1", port: server.port }));
        const result = await secure(await connect(), {
          role: "client",
          hostname: "localhost",
          caCerts: [trusted],
          reconnect: connect,
          timeoutMs: 10_000,
          ...own,
        }).catch((error) => error);
        if (refused !== undefined) {
          assertInstanceOf(result, TlsError);
          assert(refused.test(result.message), result.message);
          return;
        }
        assert(!(result instanceof Error), String(result));
        await writeAll(result, new TextEncoder().encode("hello\n"));
        assertEquals(await new LineReader(result).readLine(), "olleh");
        result.close();
      });
    }
  }
});

/** Accepts one connection, secures it, and answers one line. */
async function serveOne(
  options: Omit<SecureServerOptions, "role">,
  talk: (port: number) => Promise<{ readonly code: number; readonly output: string }>,
): Promise<{ readonly code: number; readonly output: string; readonly error: unknown }> {
  using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    const plain = await listener.accept();
    try {
      using secured = await secure(plain, { role: "server", timeoutMs: 10_000, ...options });
      const line = await new LineReader(secured).readLine();
      await writeAll(secured, new TextEncoder().encode(`you said ${line}\n`));
      await secured.closeWrite();
    } catch (error) {
      closeQuietly(plain);
      return error;
    }
  })();
  const result = await talk((listener.addr as Deno.NetAddr).port);
  return { ...result, error: await serving };
}

test("openssl s_client and our server", async (t) => {
  const { ca, server, wrongHost, expired, selfSigned, folder } = await certificates();
  const verify = ["-CAfile", "ca.pem", "-verify_hostname", "localhost", "-quiet"];
  for (const version of ["-tls1_2", "-tls1_3"]) {
    await t.step(`a good server, ${version}`, async () => {
      const { output, error } = await serveOne(
        server,
        (port) => runClient(folder, port, [...verify, version], "hello\n"),
      );
      assertEquals([error, /^you said hello$/m.test(output)], [undefined, true]);
    });
  }
  await t.step("ALPN", async () => {
    const { output } = await serveOne(
      { ...server, alpnProtocols: ["imap"] },
      (port) => runClient(folder, port, ["-CAfile", "ca.pem", "-alpn", "pop3,imap"], "hello\n"),
    );
    assert(/ALPN protocol: imap/.test(output), output);
  });
  const bad = [
    ["wrong host", wrongHost, /hostname mismatch/i],
    ["expired", expired, /certificate has expired/i],
    ["self-signed", selfSigned, /self[- ]signed certificate/i],
  ] as const;
  for (const [name, credentials, says] of bad) {
    await t.step(name, async () => {
      const { code, output, error } = await serveOne(
        credentials,
        (port) => runClient(folder, port, verify, "hello\n"),
      );
      assert(code !== 0 && says.test(output), output);
      assert(error !== undefined);
    });
  }
  const mutual = { ...server, clientCaCerts: [ca] };
  await t.step("a client with a certificate", async () => {
    const own = ["-cert", "client.pem", "-key", "client.key"];
    const { output, error } = await serveOne(
      mutual,
      (port) => runClient(folder, port, [...verify, ...own], "hello\n"),
    );
    assertEquals([error, /^you said hello$/m.test(output)], [undefined, true]);
  });
  await t.step("a client with a self-signed one, and one without", async () => {
    for (const own of [["-cert", "self-signed.pem", "-key", "self-signed.key"], []]) {
      const { output, error } = await serveOne(
        mutual,
        (port) => runClient(folder, port, [...verify, ...own], "hello\n"),
      );
      assertInstanceOf(error, TlsError);
      assert(!/you said/.test(output), output);
    }
  });
});
