/** What clients receive before a server closes their connection, in the clear and inside TLS; and how it is logged. */

import { assertEquals, assertMatch } from "@std/assert";
import { LineReader, readToEnd, type SecureConnection, writeAll } from "../../../src/net/mod.ts";
import { nodeTls } from "../../../src/net/tls/_node_tls.ts";
import { certificates } from "../../support/certificates.ts";
import { serve } from "../../support/netwright.ts";

/** A client of commands and replies that looks at how TLS ends. */
class Client implements Disposable {
  connection: Deno.Conn | SecureConnection;

  constructor(connection: Deno.Conn) {
    this.connection = connection;
  }

  /** Sends, and reads until the reply's last line. */
  async say(text: string, last: RegExp): Promise<void> {
    await writeAll(this.connection, new TextEncoder().encode(text));
    let received = "";
    const buffer = new Uint8Array(4096);
    while (!last.test(received)) {
      const count = await this.connection.read(buffer);
      if (count === null) throw new Error(`it ended after ${received}`);
      received += new TextDecoder().decode(buffer.subarray(0, count));
    }
  }

  async startTls(ca: string): Promise<SecureConnection> {
    return this.connection = await nodeTls(this.connection, {
      role: "client",
      hostname: "localhost",
      caCerts: [ca],
    });
  }

  async rest(): Promise<string> {
    return new TextDecoder().decode(await readToEnd(this.connection));
  }

  [Symbol.dispose](): void {
    this.connection.close();
  }
}

const GREETING = /^220 .*\r\n/;
const SMTP = {
  service: "smtp",
  hello: "EHLO client.example\r\n",
  starttls: ["STARTTLS\r\n", /^220 .*\r\n$/],
  idle: "421 4.4.2 silent for too long\r\n",
  end: "421 4.3.2 the server is shutting down\r\n",
} as const;
const FTP = {
  service: "ftp",
  hello: "FEAT\r\n",
  starttls: ["AUTH TLS\r\n", /^234 .*\r\n$/],
  idle: "421 No command for too long, closing the connection.\r\n",
  end: "421 The server is shutting down.\r\n",
} as const;
const LAST_LINE = /^\d{3} .*\r\n$/m;

for (const { service, hello, starttls: [starttls, agreed], idle, end } of [SMTP, FTP]) {
  const start = async (options: readonly string[] = []) => {
    const { folder, ca } = await certificates();
    const tls = ["--tls-cert", `${folder}/server.pem`, "--tls-key", `${folder}/server.key`];
    const root = service === "ftp" ? ["--root", folder] : [];
    const server = await serve([
      ...[service, "--listen", "127.0.0.1:0", "--verbose", ...root, ...tls, ...options],
    ]);
    const [hostname, port] = server.endpoint.split(":") as [string, string];
    const open = async (greeted = true) => {
      const client = new Client(await Deno.connect({ hostname, port: Number(port) }));
      if (greeted) await client.say("", GREETING);
      return client;
    };
    return { server, ca, open };
  };

  Deno.test(`serve ${service} notifies a silent client in any state, and logs the reason`, async (t) => {
    const { server, ca, open } = await start(["--idle-timeout", "0.5"]);
    await using _ = server;
    await t.step("after the greeting", async () => {
      using client = await open();
      assertEquals(await client.rest(), idle);
    });
    await t.step("within a line", async () => {
      using client = await open();
      await writeAll(client.connection, new TextEncoder().encode("NO"));
      assertEquals(await client.rest(), idle);
    });
    await t.step("inside TLS, which ends in order", async () => {
      using client = await open();
      await client.say(hello, LAST_LINE);
      await client.say(starttls, agreed);
      const tls = await client.startTls(ca);
      assertEquals(await client.rest(), idle);
      assertEquals(tls.wasCut, false);
    });
    await t.step("no word in the clear where TLS was to begin", async () => {
      using client = await open();
      await client.say(hello, LAST_LINE);
      await client.say(starttls, agreed);
      assertEquals(await client.rest(), "");
    });
    if (service === "smtp") {
      await t.step("within a text", async () => {
        using client = await open();
        await client.say("HELO x\r\n", /^250/);
        await client.say("MAIL FROM:<>\r\n", /^250/);
        await client.say("RCPT TO:<bob@b.example>\r\n", /^250/);
        await client.say("DATA\r\n", /^354/);
        await writeAll(client.connection, new TextEncoder().encode("Subject: x\r\n"));
        assertEquals(await client.rest(), idle);
      });
    }
    await t.step("one that sends byte by byte is not silent", async () => {
      using client = await open();
      const slowly = "NOOP      \r\n";
      const before = performance.now();
      for (const byte of new TextEncoder().encode(slowly)) {
        await writeAll(client.connection, Uint8Array.of(byte));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assertEquals(performance.now() - before > 1000, true);
      assertEquals(/^2\d\d /.test(await client.rest()), true);
    });
    await server.stop("SIGTERM");
    const ends = (await server.stderr).split("\n").filter((line) =>
      line.includes(" disconnected ")
    );
    assertEquals(ends.length, service === "smtp" ? 6 : 5);
    for (const line of ends) assertMatch(line, / \(idle for 0\.5 s\) /);
  });

  for (const model of ["multiplex", "fork", "thread", "prefork", "prethread"]) {
    Deno.test(`serve ${service} under ${model} notifies its clients at the end, and logs the reason`, async () => {
      const { server, ca, open } = await start(["--model", model]);
      await using _ = server;
      using plain = await open();
      using secured = await open();
      await secured.say(starttls, agreed).catch(() => {});
      const tls = await secured.startTls(ca);
      const rests = Promise.all([plain.rest(), secured.rest()]);
      await server.stop("SIGTERM");
      assertEquals(await rests, [end, end]);
      assertEquals(tls.wasCut, false);
      const log = await server.stderr;
      assertEquals(log.match(/ disconnected .* \(ended by shutdown\) /g)?.length, 2, log);
    });

    Deno.test(`serve ${service} --implicit under ${model} ends TLS in order, whyever`, async () => {
      const options = ["--model", model, "--implicit", "--idle-timeout", "0.5"];
      const { server, ca, open } = await start(options);
      await using _ = server;
      const connect = async (): Promise<[Client, SecureConnection]> => {
        const client = await open(false);
        const tls = await client.startTls(ca);
        await client.say("", GREETING);
        return [client, tls];
      };
      for (const [said, received] of [["", idle], ["QUIT\r\n", /^221 .*\r\n$/]] as const) {
        const [client, tls] = await connect();
        using _client = client;
        await writeAll(tls, new TextEncoder().encode(said));
        const rest = await client.rest();
        assertEquals(
          typeof received === "string" ? rest === received : received.test(rest),
          true,
          rest,
        );
        assertEquals(tls.wasCut, false);
      }
      const [client, tls] = await connect();
      using _client = client;
      const rest = client.rest();
      await server.stop("SIGTERM");
      // It is silent, or the server ends: whichever is first.
      const words: readonly string[] = [idle, end];
      assertEquals(words.includes(await rest), true);
      assertEquals(tls.wasCut, false);
      assertMatch(await server.stderr, / disconnected .* \(idle for 0\.5 s\) /);
    });
  }

  if (service === "ftp") {
    for (const model of ["multiplex", "thread"]) {
      Deno.test(`serve ftp under ${model} does not take a client for silent that reads slowly`, async () => {
        const root = await Deno.makeTempDir();
        await Deno.writeFile(`${root}/big`, new Uint8Array(20_000_000));
        await using server = await serve([
          ...["ftp", "--listen", "127.0.0.1:0", "--root", root, "--idle-timeout", "0.5"],
          ...["--model", model],
        ]);
        const [hostname, port] = server.endpoint.split(":") as [string, string];
        const [send, received] = [
          new TextEncoder(),
          new LineReader({ read: (p) => control.read(p) }),
        ];
        const control = await Deno.connect({ hostname, port: Number(port) });
        const say = async (line: string): Promise<string> => {
          await control.write(send.encode(`${line}\r\n`));
          return (await received.readLine())!;
        };
        await received.readLine();
        await say("USER anonymous");
        await say("PASS a@b");
        const [, passive] = /\|(\d+)\|/.exec(await say("EPSV"))!;
        const data = await Deno.connect({ hostname, port: Number(passive) });
        await say("RETR big");
        const buffer = new Uint8Array(10_000);
        let bytes = 0;
        // The system's buffers are full, and nothing happens on either connection of the server's.
        for (let times = 0; times < 16; times++) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          bytes += await data.read(buffer) ?? 0;
        }
        bytes += (await readToEnd(data, { maxBytes: 30_000_000 })).length;
        assertEquals(bytes, 20_000_000);
        assertMatch((await received.readLine())!, /^226 /);
        data.close();
        control.close();
        await Deno.remove(root, { recursive: true });
      });
    }
  }

  Deno.test(`serve ${service} reports what became of the clients of a worker that was killed`, async () => {
    const { server, open } = await start(["--model", "prefork"]);
    await using _ = server;
    using client = await open();
    const { pid } = server.child;
    const workers = (await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`)).trim().split(
      " ",
    );
    for (const worker of workers) Deno.kill(Number(worker), "SIGKILL");
    assertEquals(await client.rest(), "");
    let line: string | undefined;
    do line = await server.errorLine(); while (line !== undefined && !line.includes("its worker"));
    const { port } = client.connection.localAddr as Deno.NetAddr;
    assertMatch(line ?? "", new RegExp(` failed \\S+:${port} \\(its worker ended by signal 9\\) `));
  });

  Deno.test(`serve ${service} ends TLS in order after QUIT`, async () => {
    const { server, ca, open } = await start();
    await using _ = server;
    using client = await open();
    await client.say(hello, LAST_LINE);
    await client.say(starttls, agreed);
    const tls = await client.startTls(ca);
    await writeAll(tls, new TextEncoder().encode("QUIT\r\n"));
    assertMatch(await client.rest(), /^221 .*\r\n$/);
    assertEquals(tls.wasCut, false);
  });
}
