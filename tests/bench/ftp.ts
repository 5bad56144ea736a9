/**
 * FTP beside `curl`, `lftp` and Perl's `Net::FTP`, all with `vsftpd`: a large file both ways, and a tree of small ones;
 * plain and inside TLS. Only root can run it, for `vsftpd` requires a user.
 *
 * @module
 */

import { startVsftpd, type Vsftpd } from "../interop/peers/vsftpd.ts";
import { certificates } from "../support/certificates.ts";
import { ROOT } from "../support/netwright.ts";
import { median } from "./_measure.ts";

const ROUNDS = 5;
const LARGE_BYTES = 1024 ** 3;
const FILES = 2000;

const NET_FTP = `use Net::FTP; my ($port, $user, $password, $verb, $from, $to) = @ARGV;
my $ftp = Net::FTP->new("127.0.0.1", Port => $port) or die; $ftp->login($user, $password) or die;
$ftp->binary; $verb eq "get" ? $ftp->get($from, $to) : $ftp->put($from, $to) or die $ftp->message; $ftp->quit;`;

/** One of several programs that do the same. */
interface Row {
  readonly name: string;
  readonly words: readonly string[];
}

/** Runs a program; reports how long it took, and its peak memory in KiB. */
async function run(words: readonly string[], env: Record<string, string>) {
  const start = performance.now();
  // GNU time writes the peak memory behind all else.
  const { success, stderr } = await new Deno.Command("/usr/bin/time", {
    args: ["--format", "%M", ...words],
    cwd: ROOT,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stderr).trimEnd();
  if (!success) throw new Error(`${words.join(" ")}: ${text}`);
  return { ms: performance.now() - start, kib: Number(text.slice(text.lastIndexOf("\n") + 1)) };
}

/** Runs the rows in turn; `before` makes room for the next. */
async function compare(
  title: string,
  rows: readonly Row[],
  env: Record<string, string>,
  before: () => Promise<void>,
): Promise<void> {
  const results = rows.map((): { ms: number; kib: number }[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { words }] of rows.entries()) {
      await before();
      results[index]!.push(await run(words, env));
    }
  }
  console.log(`\n${title}, median of ${ROUNDS}`);
  const ours = median(results[0]!.map(({ ms }) => ms));
  for (const [index, { name }] of rows.entries()) {
    const ms = median(results[index]!.map(({ ms }) => ms));
    const mib = median(results[index]!.map(({ kib }) => kib)) / 1024;
    console.log(
      `  ${name.padEnd(24)}${ms.toFixed(0).padStart(7)} ms${mib.toFixed(0).padStart(6)} MiB` +
        (index === 0 ? "" : `   ours takes ${(ours / ms).toFixed(2)} of its time`),
    );
  }
}

async function fill(path: string, bytes: number): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  const piece = crypto.getRandomValues(new Uint8Array(65_536));
  for (let left = bytes; left > 0; left -= piece.length) {
    await file.write(piece.subarray(0, Math.min(left, piece.length)));
  }
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

async function measure(server: Vsftpd, folder: string, tls: boolean): Promise<void> {
  const { port, user, password, root } = server;
  const { folder: certs } = await certificates();
  const host = `localhost:${port}`;
  const url = `${tls ? "ftp+tls" : "ftp"}://${user}@${host}`;
  const trust = tls ? ["--ca", `${certs}/ca.pem`] : [];
  const ours = `${ROOT}dist/netwright`;
  const curl = ["curl", "--silent", "--show-error", "--user", `${user}:${password}`];
  if (tls) curl.push("--ssl-reqd", "--cacert", `${certs}/ca.pem`);
  const lftp =
    `set net:max-retries 1; set ssl:ca-file ${certs}/ca.pem; set ftp:ssl-force ${tls}; ` +
    `set ftp:ssl-allow ${tls}; set ftp:ssl-protect-data ${tls}; ` +
    `open -u ${user},${password} -p ${port} localhost; `;
  const env = { NETWRIGHT_PASSWORD: password };
  const perl = (...words: string[]): Row[] =>
    tls ? [] : [{
      name: "Perl's Net::FTP",
      words: ["perl", "-e", NET_FTP, `${port}`, user, password, ...words],
    }];
  const kind = tls ? " inside TLS" : "";
  const here = `${folder}/large`;

  await compare(
    `1 GiB fetched${kind}`,
    [
      { name: "netwright", words: [ours, "ftp", "get", "--to", here, ...trust, `${url}/large`] },
      { name: "curl", words: [...curl, "--output", here, `ftp://${host}/large`] },
      ...perl("get", "large", here),
    ],
    env,
    () => remove(here),
  );
  await compare(
    `1 GiB stored${kind}`,
    [
      { name: "netwright", words: [ours, "ftp", "put", ...trust, `${root}/large`, `${url}/up`] },
      { name: "curl", words: [...curl, "--upload-file", `${root}/large`, `ftp://${host}/up`] },
      ...perl("put", `${root}/large`, "up"),
    ],
    env,
    () => remove(`${root}/up`),
  );
  const tree = `${folder}/tree`;
  await compare(
    `${FILES} files of 4 KiB mirrored${kind}`,
    [
      { name: "netwright", words: [ours, "ftp", "mirror", ...trust, `${url}/tree`, tree] },
      { name: "lftp", words: ["lftp", "-c", `${lftp}mirror --parallel=4 tree ${tree}`] },
    ],
    env,
    () => remove(tree),
  );
  await compare(
    `${FILES} files of 4 KiB mirrored up${kind}`,
    [
      {
        name: "netwright",
        words: [ours, "ftp", "mirror", "--upload", ...trust, `${url}/back`, `${root}/tree`],
      },
      { name: "lftp", words: ["lftp", "-c", `${lftp}mirror -R --parallel=4 ${root}/tree back`] },
    ],
    env,
    () => remove(`${root}/back`),
  );
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const tls of [false, true]) {
      await using server = await startVsftpd(tls ? { tls: "any" } : {});
      await fill(`${server.root}/large`, LARGE_BYTES);
      await Deno.mkdir(`${server.root}/tree`);
      for (let n = 0; n < FILES; n++) {
        if (n % 100 === 0) await Deno.mkdir(`${server.root}/tree/folder ${n / 100}`);
        await fill(`${server.root}/tree/folder ${Math.floor(n / 100)}/file ${n}`, 4096);
      }
      await server.own();
      await measure(server, folder, tls);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
