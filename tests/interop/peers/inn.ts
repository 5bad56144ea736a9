/**
 * Debian's INN (innd and nnrpd) with one user, over a spool of its own.
 *
 * @module
 */

import { getAvailablePort } from "@std/net";
import { certificates } from "../../support/certificates.ts";
import { needs } from "./needs.ts";
import { run, startGreeting } from "./program.ts";

const BIN = "/usr/lib/news/bin";

/** A server that runs. */
export interface Inn extends AsyncDisposable {
  /** The port for readers. */
  readonly reader: number;
  /** The port for readers with TLS from the first byte. */
  readonly readers: number;
  /** The port for other servers. */
  readonly feeder: number;
  readonly user: string;
  readonly password: string;
  /** The authority of its certificate, for `localhost` and 127.0.0.1. */
  readonly ca: string;
}

/** Whether it is installed, and we may start it. */
export async function hasInn(): Promise<boolean> {
  const found = await Promise.all([`${BIN}/innd`, `${BIN}/nnrpd`].map(needs));
  return found.every((isThere) => isThere) && Deno.uid() === 0;
}

/** Starts one with the groups `local.test` and `local.mod`; only root can. */
export async function startInn(): Promise<Inn> {
  const folder = await Deno.makeTempDir({ prefix: "netwright-inn-" });
  await Deno.chmod(folder, 0o755);
  const { server, ca } = await certificates();
  const ports = {
    reader: getAvailablePort(),
    readers: getAvailablePort(),
    feeder: getAvailablePort(),
  };
  const [user, password] = ["test", "secret"];
  const folders = [
    ...["etc", "db", "log", "run", "tmp", "filter", "http"],
    ...["articles", "incoming/bad", "outgoing", "archive", "overview", "innfeed"].map((name) =>
      `spool/${name}`
    ),
  ];
  for (const name of folders) await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  const hash = (await run("openssl", ["passwd", "-6", password])).trim();
  const files: Readonly<Record<string, string>> = {
    ...Object.fromEntries(EMPTY.map((name) => [`etc/${name}`, ""])),
    "etc/inn.conf": configuration(folder, ports.feeder),
    "etc/newsfeeds": "ME:*::\n",
    "etc/incoming.conf":
      'streaming: true\nmax-connections: 8\npeer ME {\n hostname: "localhost, 127.0.0.1"\n}\n',
    "etc/storage.conf": "method tradspool {\n newsgroups: *\n class: 0\n}\n",
    "etc/readers.conf": readers(folder),
    "etc/passwd": `${user}:${hash}\n`,
    "etc/cert.pem": server.cert,
    "etc/key.pem": server.key,
    "db/active": ["control", "control.cancel", "junk"].map((name) => `${name} 0 1 n\n`).join("") +
      "local.test 0000000000 0000000001 y\nlocal.mod 0000000000 0000000001 m\n",
    "db/newsgroups": "local.test\tTests\nlocal.mod\tModerated\n",
    "db/active.times": "local.test 1000000000 root\n",
    "db/history": "",
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  await Deno.chmod(`${folder}/etc/key.pem`, 0o600);
  await run("chown", ["--recursive", "news:news", folder]);
  const asNews = (program: string, ...words: readonly string[]): string[] => [
    ...["setpriv", "--reuid=news", "--regid=news", "--clear-groups"],
    ...["env", `INNCONF=${folder}/etc/inn.conf`, "LD_LIBRARY_PATH=/usr/lib/news"],
    ...[`${BIN}/${program}`, ...words],
  ];
  const children: Deno.ChildProcess[] = [];
  const end = async (): Promise<void> => {
    for (const child of children.toReversed()) {
      child.kill("SIGTERM");
      // innd sees the signal at its next connection only.
      const waking = setInterval(() => {
        Deno.connect({ hostname: "127.0.0.1", port: ports.feeder })
          .then((connection) => connection.close(), () => {});
      }, 100);
      await child.status;
      clearInterval(waking);
    }
    await Deno.remove(folder, { recursive: true });
  };
  try {
    const [program, ...words] = asNews("makedbz", "-i", "-o", "-s", "20000");
    await run(program!, words);
    const start = (command: string[], port: number) =>
      startGreeting(command, port, (started) => void children.push(started));
    await start(asNews("innd", "-f"), ports.feeder);
    const listen = ["-D", "-f", "-4", "127.0.0.1", "-p"];
    await start(asNews("nnrpd", ...listen, `${ports.reader}`), ports.reader);
    const [secure, ...more] = asNews("nnrpd", "-S", ...listen, `${ports.readers}`);
    children.push(
      new Deno.Command(secure!, { args: more, stdout: "null", stderr: "null" }).spawn(),
    );
    await untilOpen(ports.readers);
  } catch (error) {
    await end();
    throw error;
  }
  return { ...ports, user, password, ca, [Symbol.asyncDispose]: end };
}

/** Waits until a port takes connections. */
async function untilOpen(port: number): Promise<void> {
  for (let attempt = 0;; attempt++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Files that must be there. */
const EMPTY = [
  ...["control.ctl", "cycbuff.conf", "moderators", "nntpsend.ctl", "subscriptions"],
  ...["distrib.pats", "overview.fmt", "buffindexed.conf", "localgroups", "motd.news", "expire.ctl"],
];

function configuration(folder: string, feeder: number): string {
  return `
mta: "/bin/true"
organization: "Test"
ovmethod: tradindexed
hismethod: hisv6
pathhost: news.example.org
domain: example.org
fromhost: example.org
moderatormailer: mod@example.org
pathnews: /usr/lib/news
pathbin: ${BIN}
pathfilter: ${folder}/filter
pathdb: ${folder}/db
pathetc: ${folder}/etc
pathlog: ${folder}/log
pathhttp: ${folder}/http
pathrun: ${folder}/run
pathtmp: ${folder}/tmp
pathspool: ${folder}/spool
patharticles: ${folder}/spool/articles
pathincoming: ${folder}/spool/incoming
pathoutgoing: ${folder}/spool/outgoing
patharchive: ${folder}/spool/archive
pathoverview: ${folder}/spool/overview
port: ${feeder}
bindaddress: 127.0.0.1
bindaddress6: none
nnrpdposthost: 127.0.0.1
nnrpdpostport: ${feeder}
enableoverview: true
wireformat: true
allownewnews: true
runasuser: news
runasgroup: news
artcutoff: 0
tlscertfile: ${folder}/etc/cert.pem
tlskeyfile: ${folder}/etc/key.pem
`;
}

function readers(folder: string): string {
  return `
auth "any" {
  hosts: "localhost, 127.0.0.1, stdin"
  auth: "ckpasswd -f ${folder}/etc/passwd"
  default: "<anonymous>"
}
access "full" {
  users: "*"
  newsgroups: "*"
  access: "RPANI"
}
`;
}
