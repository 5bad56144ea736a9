/**
 * Debian's `vsftpd`, for one user and one folder.
 *
 * @module
 */

import { getAvailablePort } from "@std/net";
import { certificates } from "../../support/certificates.ts";
import { run, startGreeting } from "./program.ts";

/** How it is set up. */
export interface VsftpdOptions {
  /** Whether it speaks TLS, and whether data connections must resume the session of the control connection. */
  readonly tls?: "any" | "resumed";
}

/** A server that runs. */
export interface Vsftpd extends AsyncDisposable {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Where the user lands. */
  readonly root: string;
  /** Gives all below the root to the user. */
  own(): Promise<void>;
}

/** Starts one with a user of its own; only root can. */
export async function startVsftpd({ tls }: VsftpdOptions = {}): Promise<Vsftpd> {
  const folder = await Deno.makeTempDir({ prefix: "netwright-vsftpd-" });
  const port = getAvailablePort();
  const user = `nw${port}`;
  const password = crypto.randomUUID();
  const root = `${folder}/home`;
  const secure = `${folder}/empty`;
  await Deno.mkdir(root);
  await Deno.mkdir(secure);
  await Deno.chmod(folder, 0o755);
  await run("useradd", ["--no-create-home", "--home-dir", root, "--shell", "/bin/sh", user]);
  let child: Deno.ChildProcess | undefined;
  const end = async (): Promise<void> => {
    child?.kill("SIGTERM");
    await child?.status;
    await run("userdel", ["--force", user]);
    await Deno.remove(folder, { recursive: true });
  };
  try {
    await run("chpasswd", [], `${user}:${password}\n`);
    await run("chown", [user, root]);
    const { folder: certs } = await certificates();
    const lines = [
      "listen=YES",
      "listen_address=127.0.0.1",
      `listen_port=${port}`,
      "background=NO",
      "local_enable=YES",
      "write_enable=YES",
      "anonymous_enable=NO",
      "pam_service_name=other",
      "check_shell=NO",
      `secure_chroot_dir=${secure}`,
      "seccomp_sandbox=NO",
      "mdtm_write=YES",
      "use_localtime=NO",
      "local_umask=022",
      ...(tls === undefined ? [] : [
        "ssl_enable=YES",
        `rsa_cert_file=${certs}/server.pem`,
        `rsa_private_key_file=${certs}/server.key`,
        `require_ssl_reuse=${tls === "resumed" ? "YES" : "NO"}`,
        "force_local_data_ssl=NO",
        "force_local_logins_ssl=NO",
      ]),
    ];
    await Deno.writeTextFile(`${folder}/vsftpd.conf`, lines.join("\n") + "\n");
    await startGreeting(["vsftpd", `${folder}/vsftpd.conf`], port, (started) => child = started);
  } catch (error) {
    await end();
    throw error;
  }
  const own = async (): Promise<void> =>
    void await run("chown", ["--recursive", "--no-dereference", user, root]);
  return { port, user, password, root, own, [Symbol.asyncDispose]: end };
}
