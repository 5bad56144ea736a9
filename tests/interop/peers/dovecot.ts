/**
 * Debian's Dovecot (POP3 and IMAP) with one user, over a Maildir of its own.
 *
 * @module
 */

import { getAvailablePort } from "@std/net";
import { certificates } from "../../support/certificates.ts";
import { needs } from "./needs.ts";
import { run, startGreeting } from "./program.ts";

/** A server that runs. */
export interface Dovecot extends AsyncDisposable {
  /** Ports of POP3, without and with TLS from the first byte. */
  readonly pop3: number;
  readonly pop3s: number;
  /** Ports of IMAP, without and with TLS from the first byte. */
  readonly imap: number;
  readonly imaps: number;
  readonly user: string;
  readonly password: string;
  /** The user's Maildir. */
  readonly maildir: string;
  /** The authority of its certificate, for `localhost` and 127.0.0.1. */
  readonly ca: string;
}

/** Whether it is installed with both protocols, and we may start it. */
export async function hasDovecot(): Promise<boolean> {
  const programs = ["dovecot", "/usr/lib/dovecot/imap", "/usr/lib/dovecot/pop3"];
  const found = await Promise.all(programs.map(needs));
  return found.every((isThere) => isThere) && Deno.uid() === 0;
}

/** Starts one; only root can. */
export async function startDovecot(): Promise<Dovecot> {
  const folder = await Deno.makeTempDir({ prefix: "netwright-dovecot-" });
  await Deno.chmod(folder, 0o755);
  const { server, ca } = await certificates();
  const ports = {
    pop3: getAvailablePort(),
    pop3s: getAvailablePort(),
    imap: getAvailablePort(),
    imaps: getAvailablePort(),
  };
  const [user, password] = ["test", "secret"];
  const maildir = `${folder}/mail/${user}`;
  for (const part of ["cur", "new", "tmp"]) {
    await Deno.mkdir(`${maildir}/${part}`, { recursive: true });
  }
  await Deno.writeTextFile(`${folder}/cert.pem`, server.cert);
  await Deno.writeTextFile(`${folder}/key.pem`, server.key);
  await Deno.writeTextFile(`${folder}/users`, `${user}:{PLAIN}${password}\n`);
  await Deno.writeTextFile(`${folder}/dovecot.conf`, configuration(folder, ports));
  await run("chown", ["--recursive", "mail:mail", `${folder}/mail`]);
  let child: Deno.ChildProcess | undefined;
  const end = async (): Promise<void> => {
    child?.kill("SIGTERM");
    await child?.status;
    await Deno.remove(folder, { recursive: true });
  };
  try {
    const command = ["dovecot", "-F", "-c", `${folder}/dovecot.conf`];
    await startGreeting(command, ports.pop3, (started) => child = started);
  } catch (error) {
    await end();
    throw error;
  }
  return { ...ports, user, password, maildir, ca, [Symbol.asyncDispose]: end };
}

function configuration(
  folder: string,
  ports: Pick<Dovecot, "pop3" | "pop3s" | "imap" | "imaps">,
): string {
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
listen = 127.0.0.1
protocols = pop3 imap
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 apop
auth_failure_delay = 0
mail_location = maildir:${folder}/mail/%n
mail_fsync = never
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}/mail/%n
}
service anvil {
  chroot =
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = ${ports.pop3}
  }
  inet_listener pop3s {
    port = ${ports.pop3s}
    ssl = yes
  }
}
protocol imap {
  mail_plugins = imap_zlib
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
}
`;
}
