/**
 * Debian's `telnetd`, for one user with a shell.
 *
 * @module
 */

import { getAvailablePort } from "@std/net";
import { run, startGreeting } from "./program.ts";

/** A server that runs. */
export interface Telnetd extends AsyncDisposable {
  /** Where it listens. */
  readonly endpoint: string;
  readonly user: string;
  readonly password: string;
  /** A file with the password. */
  readonly passwordFile: string;
}

/** Starts one with a user of its own; only root can. */
export async function startTelnetd(): Promise<Telnetd> {
  const folder = await Deno.makeTempDir({ prefix: "netwright-telnetd-" });
  const port = getAvailablePort();
  const user = `nt${port}`;
  const password = `a-${crypto.randomUUID()}`;
  const home = `${folder}/home`;
  const passwordFile = `${folder}/password`;
  await Deno.mkdir(home);
  await Deno.chmod(folder, 0o755);
  await run("useradd", ["--no-create-home", "--home-dir", home, "--shell", "/bin/bash", user]);
  let child: Deno.ChildProcess | undefined;
  const end = async (): Promise<void> => {
    child?.kill("SIGTERM");
    await child?.status;
    await run("userdel", ["--force", user]);
    await Deno.remove(folder, { recursive: true });
  };
  try {
    await run("chpasswd", [], `${user}:${password}\n`);
    await Deno.writeTextFile(`${home}/.bash_profile`, "PS1='\\u@host:\\w\\$ '\n");
    await Deno.writeTextFile(passwordFile, `${password}\n`);
    await run("chown", ["--recursive", user, home]);
    const listen = `TCP4-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`;
    await startGreeting(
      ["socat", listen, "EXEC:telnetd,nofork"],
      port,
      (started) => child = started,
    );
  } catch (error) {
    await end();
    throw error;
  }
  return {
    ...{ endpoint: `127.0.0.1:${port}`, user, password, passwordFile },
    [Symbol.asyncDispose]: end,
  };
}
