/**
 * Debian's `postfix` and its `smtp-sink`.
 *
 * @module
 */

import { getAvailablePort } from "@std/net";
import { certificates } from "../../support/certificates.ts";
import { PATH } from "./needs.ts";
import { greeted, run } from "./program.ts";

/** A server that runs. */
export interface Postfix extends AsyncDisposable {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Waits for so many messages to be delivered, and gives them in no order. */
  delivered(count: number): Promise<string[]>;
}

/** Longest wait for a delivery, in milliseconds. */
const DELIVERY_MS = 20_000;

/** The daemons that a delivery needs, and no more. */
const DAEMONS = [
  "pickup unix n - n 60 1 pickup",
  "cleanup unix n - n - 0 cleanup",
  "qmgr unix n - n 300 1 qmgr",
  "rewrite unix - - n - - trivial-rewrite",
  "bounce unix - - n - 0 bounce",
  "defer unix - - n - 0 bounce",
  "trace unix - - n - 0 bounce",
  "proxymap unix - - n - - proxymap",
  "virtual unix - n n - - virtual",
  "error unix - - n - - error",
  "retry unix - - n - - error",
  "anvil unix - - n - 1 anvil",
  "tlsmgr unix - - n 1000? 1 tlsmgr",
  "postlog unix-dgram n - n - 1 postlogd",
];

/**
 * Starts one that delivers all into one Maildir; only root can. It refuses recipients that begin with `no`, asks for
 * patience with those that begin with `busy`, and takes passwords inside TLS only.
 */
export async function startPostfix(): Promise<Postfix> {
  const folder = await Deno.makeTempDir({ prefix: "netwright-postfix-" });
  await Deno.chmod(folder, 0o755);
  for (const name of ["spool", "data", "etc", "etc/sasl", "mail"]) {
    await Deno.mkdir(`${folder}/${name}`);
  }
  const port = getAvailablePort();
  const user = "ann";
  const password = crypto.randomUUID();
  const [uid, gid] = [await run("id", ["-u", "postfix"]), await run("id", ["-g", "postfix"])];
  const { folder: certs } = await certificates();
  await Deno.copyFile(`${certs}/server.pem`, `${folder}/etc/cert.pem`);
  await Deno.copyFile(`${certs}/server.key`, `${folder}/etc/key.pem`);
  const settings = {
    compatibility_level: "3.6",
    queue_directory: `${folder}/spool`,
    data_directory: `${folder}/data`,
    mail_owner: "postfix",
    setgid_group: "postdrop",
    command_directory: "/usr/sbin",
    daemon_directory: "/usr/lib/postfix/sbin",
    inet_interfaces: "127.0.0.1",
    inet_protocols: "ipv4",
    mydestination: "",
    myhostname: "localhost",
    mynetworks: "",
    maillog_file: `${folder}/log`,
    maillog_file_prefixes: "/tmp",
    virtual_mailbox_domains: "static:all",
    virtual_mailbox_maps: "static:maildir/",
    virtual_mailbox_base: `${folder}/mail`,
    virtual_transport: "virtual",
    virtual_uid_maps: `static:${uid.trim()}`,
    virtual_gid_maps: `static:${gid.trim()}`,
    virtual_minimum_uid: "1",
    smtpd_relay_restrictions: "reject_unauth_destination",
    smtpd_recipient_restrictions: `check_recipient_access regexp:${folder}/etc/access, permit`,
    smtpd_sasl_auth_enable: "yes",
    smtpd_sasl_type: "cyrus",
    smtpd_sasl_path: "smtpd",
    smtpd_sasl_local_domain: "localhost",
    smtpd_tls_auth_only: "yes",
    smtpd_tls_security_level: "may",
    smtpd_tls_cert_file: `${folder}/etc/cert.pem`,
    smtpd_tls_key_file: `${folder}/etc/key.pem`,
  };
  await Deno.writeTextFile(
    `${folder}/etc/main.cf`,
    Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`).join(""),
  );
  await Deno.writeTextFile(
    `${folder}/etc/master.cf`,
    [`${port} inet n - n - - smtpd`, ...DAEMONS, ""].join("\n"),
  );
  await Deno.writeTextFile(
    `${folder}/etc/access`,
    "/^no/ 550 5.1.1 nobody of that name\n/^busy/ 450 4.2.1 come again\n",
  );
  await Deno.writeTextFile(
    `${folder}/etc/sasl/smtpd.conf`,
    `pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: ${folder}/etc/sasl/db\n` +
      "mech_list: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256\n",
  );
  const database = `${folder}/etc/sasl/db`;
  await run("saslpasswd2", ["-c", "-p", "-f", database, "-u", "localhost", user], password);
  await run("chown", ["postfix", database, `${folder}/data`, `${folder}/mail`]);
  const child = new Deno.Command("postfix", {
    args: ["-c", `${folder}/etc`, "start-fg"],
    env: { PATH },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const end = async (): Promise<void> => {
    // Its master is a process of its own.
    const master = await Deno.readTextFile(`${folder}/spool/pid/master.pid`).catch(() => "");
    try {
      if (master.trim() === "") child.kill("SIGTERM");
      else Deno.kill(Number(master), "SIGTERM");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
    }
    await child.status;
    await Deno.remove(folder, { recursive: true });
  };
  try {
    await greeted(port);
  } catch (error) {
    const log = await Deno.readTextFile(`${folder}/log`).catch(() => "");
    await end();
    throw new Error(`postfix: ${log}`, { cause: error });
  }
  const delivered = async (count: number): Promise<string[]> => {
    const place = `${folder}/mail/maildir/new`;
    const until = performance.now() + DELIVERY_MS;
    while (true) {
      const names: string[] = [];
      try {
        for await (const { name } of Deno.readDir(place)) names.push(name);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
      if (names.length >= count) {
        return await Promise.all(names.map((name) => Deno.readTextFile(`${place}/${name}`)));
      }
      if (performance.now() > until) {
        throw new Error(`${names.length} messages: ${await Deno.readTextFile(`${folder}/log`)}`);
      }
      // It says nothing when it has delivered.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return { port, user, password, delivered, [Symbol.asyncDispose]: end };
}

/** A server that takes everything. */
export interface SmtpSink extends AsyncDisposable {
  readonly port: number;
  /** Accepted mail: its own notes, and each message. */
  taken(): Promise<string[]>;
}

/**
 * Starts one.
 *
 * @param keep Whether it keeps accepted mail.
 * @param options More of its options.
 */
export async function startSmtpSink(keep: boolean, ...options: string[]): Promise<SmtpSink> {
  const folder = await Deno.makeTempDir({ prefix: "netwright-sink-" });
  const port = getAvailablePort();
  const child = new Deno.Command("smtp-sink", {
    args: [
      "-u",
      "root",
      ...keep ? ["-d", `${folder}/m.`] : [],
      ...options,
      `127.0.0.1:${port}`,
      "100",
    ],
    env: { PATH },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const end = async (): Promise<void> => {
    child.kill("SIGTERM");
    await child.status;
    await Deno.remove(folder, { recursive: true });
  };
  try {
    await greeted(port);
  } catch (error) {
    await end();
    throw error;
  }
  const taken = async (): Promise<string[]> => {
    const texts: string[] = [];
    for await (const { name } of Deno.readDir(folder)) {
      texts.push(await Deno.readTextFile(`${folder}/${name}`));
    }
    return texts.filter((text) => text !== "");
  };
  return { port, taken, [Symbol.asyncDispose]: end };
}
