import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { closeQuietly } from "../../../src/net/internal.ts";
import {
  type Connection,
  LineReader,
  memoryNetwork,
  type Network,
  ProtocolError,
  secure,
  type SecureClientOptions,
  type SecureConnection,
  type SecureServerOptions,
  systemNetwork,
  TimeoutError,
  TlsError,
  writeAll,
} from "../../../src/net/mod.ts";
import { commonNameOf } from "../../../src/net/tls/_certificate.ts";
import { certificates, type Credentials } from "../../support/certificates.ts";

type ClientOptions = Omit<SecureClientOptions, "role">;
type ServerOptions = Omit<SecureServerOptions, "role">;

/** Where the handshakes are made: on real sockets, and in memory by the other implementation. */
const NETWORKS: readonly (readonly [name: string, make: () => Network])[] = [
  ["loopback", () => systemNetwork()],
  ["memory", () => memoryNetwork({ maxReadBytes: 700 })],
];

async function plainPair(
  network: Network,
): Promise<{ client: Connection; server: Connection }> {
  using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const accepted = listener.accept();
  const client = await network.connect({ hostname: "127.0.0.1", port });
  return { client, server: await accepted };
}

/** Both ends' outcome of one handshake, for which the client may connect a second time. */
async function shake(
  network: Network,
  clientOptions: ClientOptions,
  serverOptions: ServerOptions,
): Promise<{ client: SecureConnection | Error; server: SecureConnection | Error }> {
  using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const connect = () => network.connect({ hostname: "127.0.0.1", port });
  const served: Promise<SecureConnection | Error>[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      served.push(secure(connection, { role: "server", ...serverOptions }).catch((e) => e));
    }
  })();
  const client = await secure(await connect(), {
    role: "client",
    reconnect: connect,
    ...clientOptions,
  }).catch((error) => error);
  listener.close();
  await serving;
  const [server, ...more] = await Promise.all(served);
  for (const other of more) if (!(other instanceof Error)) other.close();
  return { client, server: server! };
}

function closeAll(...ends: readonly (SecureConnection | Error)[]): void {
  for (const end of ends) if (!(end instanceof Error)) end.close();
}

Deno.test("secure() connects to valid peers", async (t) => {
  const { ca, server, client } = await certificates();
  for (const [name, make] of NETWORKS) {
    for (const hostname of ["localhost", "127.0.0.1"]) {
      await t.step(`${name}, ${hostname}: name, protocol, bytes both ways, end`, async () => {
        const ends = await shake(
          make(),
          { hostname, caCerts: [ca], alpnProtocols: ["imap"] },
          { ...server, alpnProtocols: ["pop3", "imap"] },
        );
        assert(!(ends.client instanceof Error), String(ends.client));
        assert(!(ends.server instanceof Error), String(ends.server));
        assertEquals([ends.client.alpnProtocol, ends.server.alpnProtocol], ["imap", "imap"]);
        assertEquals(ends.client.peerName, hostname);
        const big = new Uint8Array(300_000).map((_, i) => i);
        const sending = writeAll(ends.client, big).then(() =>
          writeAll(ends.client as SecureConnection, Uint8Array.of(10))
        );
        const reader = new LineReader(ends.server);
        assertEquals(await reader.readExact(big.length), big);
        await sending;
        await writeAll(ends.server, new TextEncoder().encode("bye\r\n"));
        const answers = new LineReader(ends.client);
        assertEquals(await answers.readLine(), "bye");
        ends.server.close();
        closeAll(ends.client);
      });
    }
    await t.step(`${name}: a client with a certificate`, async () => {
      const ends = await shake(
        make(),
        { hostname: "localhost", caCerts: [ca], ...client },
        { ...server, clientCaCerts: [ca] },
      );
      assert(!(ends.client instanceof Error), String(ends.client));
      assert(!(ends.server instanceof Error), String(ends.server));
      assertEquals(ends.server.peerName, "client");
      closeAll(ends.client, ends.server);
    });
  }
});

Deno.test("secure() refuses each bad server with words of its own", async (t) => {
  const { ca, otherCa, server, wrongHost, expired, future, selfSigned } = await certificates();
  const cases: readonly [name: string, credentials: Credentials, ca: string, says: RegExp][] = [
    ["wrong host", wrongHost, ca, /not for (this name|localhost) but for other\.example$/],
    ["expired", expired, ca, /has expired on 2020-02-01$/],
    ["not yet valid", future, ca, /not valid before 2090-01-01$/],
    ["self-signed", selfSigned, ca, /the certificate is self-signed \(--ca/],
    ["unknown authority", server, otherCa, /signed by an authority that we do not know \(--ca/],
  ];
  for (const [network, make] of NETWORKS) {
    for (const [name, credentials, trusted, says] of cases) {
      await t.step(`${network}: ${name}`, async () => {
        const options = { hostname: "localhost", caCerts: [trusted] };
        const ends = await shake(make(), options, credentials);
        closeAll(ends.server);
        assertInstanceOf(ends.client, TlsError);
        assert(says.test(ends.client.message), ends.client.message);
        assertEquals(ends.client.peer, "localhost");
      });
    }
  }
  await t.step("an address that the certificate does not bear", async () => {
    const options = { hostname: "127.0.0.1", caCerts: [ca] };
    for (const [, make] of NETWORKS) {
      const ends = await shake(make(), options, wrongHost);
      closeAll(ends.server);
      assertInstanceOf(ends.client, TlsError);
    }
  });
  await t.step("untrusted, where no second connection can be made", async () => {
    const options = { hostname: "localhost", caCerts: [], reconnect: undefined };
    const ends = await shake(systemNetwork(), options, server);
    closeAll(ends.server);
    assertInstanceOf(ends.client, TlsError);
    assert(/by itself or an unknown authority/.test(ends.client.message), ends.client.message);
  });
});

Deno.test("secure() refuses each bad client with words of its own", async (t) => {
  const { ca, otherCa, server, client, selfSigned } = await certificates();
  const cases: readonly [name: string, own: Partial<Credentials>, ca: string, says: RegExp][] = [
    ["no certificate", {}, ca, /client has no certificate/],
    ["self-signed", selfSigned, ca, /signed by none of the authorities for clients/],
    ["unknown authority", client, otherCa, /signed by none of the authorities for clients/],
    ["a server's", server, ca, /not meant for clients/],
  ];
  for (const [network, make] of NETWORKS) {
    for (const [name, own, clientCa, says] of cases) {
      await t.step(`${network}: ${name}`, async () => {
        const ends = await shake(
          make(),
          { hostname: "localhost", caCerts: [ca], ...own },
          { ...server, clientCaCerts: [clientCa] },
        );
        closeAll(ends.client);
        assertInstanceOf(ends.server, TlsError);
        assert(says.test(ends.server.message), ends.server.message);
      });
    }
  }
});

Deno.test("secure() fails where plaintext waits, in both roles (CVE-2011-0411)", async () => {
  const { server, ca } = await certificates();
  const network = memoryNetwork();
  const { client, server: other } = await plainPair(network);
  await other.write(new TextEncoder().encode("220 go\r\n250 injected\r\n"));
  const reader = new LineReader(client);
  await reader.readLine();
  await assertRejects(
    () => secure(client, { role: "client", hostname: "localhost", caCerts: [ca], reader }),
    ProtocolError,
    "14 bytes of plaintext",
  );
  const second = await plainPair(network);
  await second.client.write(new TextEncoder().encode("STARTTLS\r\nRSET\r\n"));
  const commands = new LineReader(second.server);
  await commands.readLine();
  await assertRejects(
    () => secure(second.server, { role: "server", ...server, reader: commands }),
    ProtocolError,
    "6 bytes of plaintext",
  );
  other.close();
  second.client.close();
});

Deno.test("secure() reports a peer without TLS, one that is silent and one that hangs up", async (t) => {
  for (const [network, make] of NETWORKS) {
    const attempt = async (
      act: (server: Connection) => Promise<unknown>,
      timeoutMs = 5000,
    ): Promise<Error> => {
      const pair = await plainPair(make());
      const acting = act(pair.server);
      const error = await secure(pair.client, { role: "client", hostname: "localhost", timeoutMs })
        .then(() => new Error("connected"), (e) => e);
      await acting;
      closeQuietly(pair.server);
      return error;
    };
    await t.step(`${network}: no TLS`, async () => {
      const error = await attempt((s) => s.write(new TextEncoder().encode("500 what?\r\n")));
      assertInstanceOf(error, TlsError);
      assert(/does not speak TLS/.test(error.message), error.message);
    });
    await t.step(`${network}: silence`, async () => {
      assertInstanceOf(await attempt(() => Promise.resolve(), 50), TimeoutError);
    });
    await t.step(`${network}: hangs up`, async () => {
      const error = await attempt((server) => {
        server.close();
        return Promise.resolve();
      });
      assert(/ended|closed|reset/.test(error.message), error.message);
    });
  }
});

for (const [name, make] of NETWORKS) {
  Deno.test(`secure() delivers the end of the data to a slow server, on ${name}`, async () => {
    const { ca, server: credentials } = await certificates();
    const { client, server } = await shake(
      make(),
      { hostname: "localhost", caCerts: [ca] },
      credentials,
    );
    if (client instanceof Error || server instanceof Error) throw client;
    // More than is held in all buffers, so that reading stops and continues again.
    const size = 2_000_000;
    const writing = writeAll(client, new Uint8Array(size)).then(() => client.closeWrite());
    const buffer = new Uint8Array(65_536);
    let total = 0;
    for (let count = 0; count !== null; total += count ?? 0) {
      count = await server.read(buffer) as number;
      await new Promise((resolve) => setTimeout(resolve));
    }
    await writing;
    assertEquals(total, size);
    client.close();
    server.close();
  });
}

Deno.test("commonNameOf() is not deceived by lines in other fields, nor by several names", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    const cases: readonly [subject: string, name: string | undefined][] = [
      ["/CN=bob", "bob"],
      ["/O=x\nCN=root/CN=bob", "bob"],
      ["/CN=bob\nCN=root", undefined],
      ["/CN=root/CN=bob", undefined],
      ["/O=root", undefined],
    ];
    for (const [subject, name] of cases) {
      await t.step(JSON.stringify(subject), async () => {
        const { success, stdout, stderr } = await new Deno.Command("openssl", {
          args: [
            ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
            ...[
              "-keyout",
              `${folder}/key`,
              "-outform",
              "DER",
              "-days",
              "1",
              "-utf8",
              "-subj",
              subject,
            ],
          ],
        }).output();
        assert(success, new TextDecoder().decode(stderr));
        assertEquals(commonNameOf(stdout), name);
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
