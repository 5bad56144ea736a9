/** Debian's rsyslog on free loopback ports: it writes what it understood, and forwards. */

import { getAvailablePort } from "@std/net";
import { certificates } from "../../support/certificates.ts";
import { freeDatagramPort } from "../../support/ports.ts";
import { PATH } from "./needs.ts";

/** What rsyslog understood of a message. */
export interface Understood {
  readonly pri: string;
  readonly host: string;
  readonly app: string;
  readonly proc: string;
  readonly id: string;
  readonly data: string;
  readonly text: string;
  readonly time: string;
}

/** A running rsyslog. */
export interface Rsyslog extends AsyncDisposable {
  /** Its ports and its socket. */
  readonly udp: number;
  readonly tcp: number;
  readonly tls: number;
  readonly socket: string;
  /** The authority of its certificate. */
  readonly ca: string;
  /** Waits for what it understood of so many messages. */
  understood(count: number): Promise<Understood[]>;
}

/** Where it forwards messages of its socket. */
export interface Forward {
  readonly protocol: "udp" | "tcp" | "tls";
  readonly port: number;
}

const FIELDS = {
  pri: "pri",
  host: "hostname",
  app: "app-name",
  proc: "procid",
  id: "msgid",
  data: "structured-data",
  text: "msg",
};

/** Starts it. */
export async function startRsyslog(
  folder: string,
  forwards: readonly Forward[] = [],
): Promise<Rsyslog> {
  const { ca, server } = await certificates();
  for (const [name, text] of Object.entries({ ca, cert: server.cert, key: server.key })) {
    await Deno.writeTextFile(`${folder}/${name}.pem`, text);
  }
  const [udp, tcp, tls] = [freeDatagramPort(), getAvailablePort(), getAvailablePort()];
  const properties = Object.entries(FIELDS).map(([out, name]) =>
    ` property(outname="${out}" name="${name}" format="jsonf")`
  );
  const actions = forwards.map(({ protocol, port }) =>
    `action(type="omfwd" target="127.0.0.1" port="${port}" template="RSYSLOG_SyslogProtocol23Format"` +
    ` protocol="${protocol === "udp" ? "udp" : "tcp"}"` +
    (protocol === "udp" ? "" : ' TCP_Framing="octet-counted"') +
    (protocol === "tls"
      ? ' StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name"' +
        ' StreamDriverPermittedPeers="localhost"'
      : "") +
    ")"
  );
  const config = `
global(workDirectory="${folder}" defaultNetstreamDriver="gtls"
 defaultNetstreamDriverCAFile="${folder}/ca.pem" defaultNetstreamDriverCertFile="${folder}/cert.pem"
 defaultNetstreamDriverKeyFile="${folder}/key.pem" parser.escapeControlCharactersOnReceive="on")
module(load="imudp")
module(load="imptcp")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
module(load="imuxsock" sysSock.use="off")
input(type="imudp" address="127.0.0.1" port="${udp}")
input(type="imptcp" address="127.0.0.1" port="${tcp}")
input(type="imtcp" address="127.0.0.1" port="${tls}")
input(type="imuxsock" socket="${folder}/socket" useSpecialParser="off" parseHostname="off")
template(name="understood" type="list" option.jsonf="on") {
${properties.join("\n")}
 property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
}
action(type="omfile" file="${folder}/out.json" template="understood" asyncWriting="off" flushOnTXEnd="on")
${actions.join("\n")}
`;
  await Deno.writeTextFile(`${folder}/rsyslog.conf`, config);
  const child = new Deno.Command("rsyslogd", {
    args: ["-n", "-f", `${folder}/rsyslog.conf`, "-i", `${folder}/pid`],
    env: { PATH },
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  for (const port of [tcp, tls]) await listening(port);
  return {
    udp,
    tcp,
    tls,
    socket: `${folder}/socket`,
    ca: `${folder}/ca.pem`,
    understood: (count) => lines(`${folder}/out.json`, count),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

/** Waits for so many lines of JSON in a file. */
export async function lines<T>(file: string, count: number): Promise<T[]> {
  const end = performance.now() + 20_000;
  while (performance.now() < end) {
    const text = await Deno.readTextFile(file).catch(() => "");
    const found = text.split("\n").slice(0, -1);
    if (found.length >= count) return found.map((line) => JSON.parse(line));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`fewer than ${count} lines: ${await Deno.readTextFile(file).catch(() => "")}`);
}

async function listening(port: number): Promise<void> {
  const end = performance.now() + 20_000;
  while (true) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
