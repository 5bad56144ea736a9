/**
 * Debian's nginx and lighttpd, and proxies: each in a folder of its own, on loopback.
 *
 * @module
 */

import { getAvailablePort } from "@std/net";
import { certificates } from "../../support/certificates.ts";
import { PATH } from "./needs.ts";

/** A program that runs. */
export interface WebPeer extends AsyncDisposable {
  readonly port: number;
}

/** nginx, in clear text and by TLS. */
export interface Nginx extends WebPeer {
  readonly tlsPort: number;
  /** Its documents. */
  readonly root: string;
}

/** Starts a program and waits until it listens. */
async function start(
  program: string,
  args: readonly string[],
  port: number,
  folder: string,
): Promise<WebPeer> {
  const child = new Deno.Command(program, {
    args: [...args],
    env: { PATH },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  child.status.then(() => ended = true);
  const dispose = async (): Promise<void> => {
    if (!ended) child.kill("SIGTERM");
    await child.status;
    await Deno.remove(folder, { recursive: true });
  };
  for (let tries = 0; tries < 400; tries++) {
    try {
      using _ = await Deno.connect({ hostname: "127.0.0.1", port });
      return { port, [Symbol.asyncDispose]: dispose };
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
    }
    if (ended) break;
    // It says nothing when it is ready.
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await dispose();
  throw new Error(`${program} does not start`);
}

async function folderFor(name: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: `netwright-${name}-` });
  await Deno.chmod(folder, 0o755);
  return folder;
}

/** Starts nginx with pages for each situation. */
export async function startNginx(): Promise<Nginx> {
  const folder = await folderFor("nginx");
  const root = `${folder}/root`;
  await Deno.mkdir(root);
  await Deno.mkdir(`${root}/private`);
  await Deno.mkdir(`${root}/zipped`);
  await Deno.mkdir(`${root}/brotli`);
  const text = "The quick brown fox jumps over the lazy dog.\n".repeat(200);
  for (
    const [name, content] of [
      ["a.txt", "hello\n"],
      ["empty.txt", ""],
      ["with space.txt", "space\n"],
      ["\u00fcber.txt", "\u00fcber\n"],
      ["page.html", "<title>t</title><a href=a.txt>a</a>"],
      ["large.bin", "0123456789abcdef".repeat(65_536)],
      ["private/secret.txt", "secret\n"],
      ["zipped/text.txt", text],
      ["brotli/text.txt", text],
    ] as const
  ) Deno.writeTextFileSync(`${root}/${name}`, content);
  Deno.writeTextFileSync(`${folder}/users`, "ann:{PLAIN}s: same\n");
  const { folder: certs } = await certificates();
  const [port, tlsPort] = [getAvailablePort(), getAvailablePort()];
  const redirects = [301, 302, 303, 307, 308].map((status) =>
    `location = /${status} { return ${status} /a.txt; }`
  );
  const module = "/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so";
  Deno.writeTextFileSync(
    `${folder}/nginx.conf`,
    `daemon off; worker_processes 1; error_log ${folder}/error.log; pid ${folder}/pid;
load_module ${module};
events { worker_connections 256; }
http {
  access_log off; root ${root}; types { text/plain txt; text/html html; }
  ${
      ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
        `${name}_temp_path ${folder}/${name};`
      ).join(" ")
    }
  absolute_redirect off; port_in_redirect off; charset utf-8;
  server {
    listen 127.0.0.1:${port}; listen 127.0.0.1:${tlsPort} ssl http2;
    ssl_certificate ${certs}/server.pem; ssl_certificate_key ${certs}/server.key;
    ${redirects.join("\n    ")}
    location = /loop { return 302 /loop; }
    location = /chain { return 302 /301; }
    location = /closed { return 444; }
    location = /teapot { return 418 "short and stout\\n"; }
    location = /error { return 500 "broken\\n"; }
    location = /busy { add_header Retry-After 0 always; return 503 "busy\\n"; }
    location = /none { return 204; }
    location = /cookie { add_header Set-Cookie "a=1; Path=/"; return 302 /seen; }
    location = /seen { return 200 "$http_cookie\\n"; }
    location = /agent { return 200 "$http_user_agent|$http_x_own\\n"; }
    location = /query { return 200 "$args\\n"; }
    location = /slow.bin { limit_rate 200k; alias ${root}/large.bin; }
    location /private/ { auth_basic "a b"; auth_basic_user_file ${folder}/users; }
    location /zipped/ { gzip on; gzip_types text/plain; gzip_min_length 1; }
    location /brotli/ { brotli on; brotli_types text/plain; brotli_min_length 1; }
    location /dav/ { dav_methods PUT DELETE; create_full_put_path on; client_max_body_size 8m; }
    location = /small { client_max_body_size 10; proxy_pass http://127.0.0.1:${port}/a.txt; }
  }
}
`,
  );
  await Deno.mkdir(`${root}/dav`);
  await Deno.chmod(`${root}/dav`, 0o777);
  const peer = await start("nginx", ["-p", folder, "-c", `${folder}/nginx.conf`], port, folder);
  return { ...peer, tlsPort, root };
}

/** Starts lighttpd, whose `/md5/` and `/sha256/` want a login by digest. */
export async function startLighttpd(): Promise<WebPeer> {
  const folder = await folderFor("lighttpd");
  const port = getAvailablePort();
  for (const name of ["md5", "sha256"]) {
    Deno.mkdirSync(`${folder}/root/${name}`, { recursive: true });
    Deno.writeTextFileSync(`${folder}/root/${name}/x.txt`, `${name}\n`);
  }
  Deno.writeTextFileSync(`${folder}/users`, "ann:sesame\n");
  const rule = (name: string, algorithm: string): string =>
    `"/${name}/" => ("method" => "digest", "realm" => "a realm", "require" => "valid-user", "algorithm" => "${algorithm}")`;
  Deno.writeTextFileSync(
    `${folder}/lighttpd.conf`,
    `server.document-root = "${folder}/root"
server.bind = "127.0.0.1"
server.port = ${port}
server.errorlog = "${folder}/error.log"
server.modules = ("mod_auth", "mod_authn_file")
mimetype.assign = (".txt" => "text/plain")
auth.backend = "plain"
auth.backend.plain.userfile = "${folder}/users"
auth.require = (${rule("md5", "MD5")}, ${rule("sha256", "SHA-256")})
`,
  );
  return await start("lighttpd", ["-D", "-f", `${folder}/lighttpd.conf`], port, folder);
}

/** Starts tinyproxy, for user `ann` with password `sesame`. */
export async function startTinyproxy(): Promise<WebPeer> {
  const folder = await folderFor("tinyproxy");
  const port = getAvailablePort();
  Deno.writeTextFileSync(
    `${folder}/conf`,
    `Port ${port}\nListen 127.0.0.1\nTimeout 60\nBasicAuth ann sesame\nLogFile "${folder}/log"\nMaxClients 50\n`,
  );
  return await start("tinyproxy", ["-d", "-c", `${folder}/conf`], port, folder);
}

/** Starts squid, for user `ann` with password `sesame`. */
export async function startSquid(): Promise<WebPeer> {
  const folder = await folderFor("squid");
  await Deno.chmod(folder, 0o777);
  const port = getAvailablePort();
  Deno.writeTextFileSync(`${folder}/users`, "ann:sesame\n");
  // Its own program for passwords wants hashes; this one compares a line.
  Deno.writeTextFileSync(
    `${folder}/check`,
    `#!/bin/sh\nwhile read -r user password rest; do\n` +
      `  [ "$user:$password" = ann:sesame ] && echo OK || echo ERR\ndone\n`,
  );
  await Deno.chmod(`${folder}/check`, 0o755);
  Deno.writeTextFileSync(
    `${folder}/squid.conf`,
    `http_port 127.0.0.1:${port}
auth_param basic program ${folder}/check
auth_param basic children 1
auth_param basic realm squid
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
cache deny all
cache_log ${folder}/cache.log
access_log none
pid_filename ${folder}/squid.pid
coredump_dir ${folder}
shutdown_lifetime 0 seconds
pinger_enable off
netdb_filename none
`,
  );
  return await start("squid", ["-N", "-f", `${folder}/squid.conf`], port, folder);
}

/** Starts microsocks, for user `ann` with password `sesame`. */
export async function startMicrosocks(): Promise<WebPeer> {
  const folder = await folderFor("microsocks");
  const port = getAvailablePort();
  const args = ["-i", "127.0.0.1", "-p", `${port}`, "-u", "ann", "-P", "sesame"];
  return await start("microsocks", args, port, folder);
}

/** An answer as bytes, and whether the connection then ends. */
export type RawAnswer = readonly (string | Uint8Array | number)[];

/** A server that says exactly this for a path; a number is a wait in milliseconds. */
export function startRaw(answers: Readonly<Record<string, RawAnswer>>): WebPeer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) void talk(connection).catch(() => {});
  })();
  async function talk(connection: Deno.TcpConn): Promise<void> {
    using _ = connection;
    let head = "";
    const buffer = new Uint8Array(65_536);
    while (!head.includes("\r\n\r\n")) {
      const count = await connection.read(buffer);
      if (count === null) return;
      head += new TextDecoder("latin1").decode(buffer.subarray(0, count));
    }
    const path = head.split(" ", 2)[1]!;
    for (const part of answers[path] ?? ["HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n"]) {
      if (typeof part === "number") {
        await new Promise((resolve) => setTimeout(resolve, part));
        continue;
      }
      const bytes = typeof part === "string"
        ? Uint8Array.from(part, (character) => character.charCodeAt(0))
        : part;
      for (let done = 0; done < bytes.length;) done += await connection.write(bytes.subarray(done));
    }
    await connection.closeWrite();
    // What the client still sends would turn the end into a reset.
    while (await connection.read(buffer) !== null);
  }
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving.catch(() => {});
    },
  };
}
