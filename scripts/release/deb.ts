/**
 * Debian's package: the executable, man pages, completions and documents in their places.
 *
 * @module
 */

import manifest from "../../deno.json" with { type: "json" };
import { COMPLETIONS, DOCUMENTS, runProgram } from "./files.ts";

/** Debian's names of architectures; other targets have no package. */
export const ARCHITECTURES: Readonly<Record<string, string>> = {
  "x86_64-unknown-linux-gnu": "amd64",
  "aarch64-unknown-linux-gnu": "arm64",
};

/** Where each shell looks for completions of packages. */
const COMPLETION_FOLDERS: Readonly<Record<keyof typeof COMPLETIONS, string>> = {
  bash: "usr/share/bash-completion/completions",
  zsh: "usr/share/zsh/vendor-completions",
  fish: "usr/share/fish/vendor_completions.d",
};

/** What Debian calls documents. */
const DEBIAN_NAMES: Readonly<Record<string, string>> = {
  "LICENSE": "copyright",
  "CHANGELOG.md": "changelog",
};

/**
 * Makes a package.
 *
 * @param staging A folder with the files of a release and the executable.
 * @param architecture Debian's name of it.
 * @param file Where to write it.
 * @param time Time of all files, in seconds since 1970.
 * @throws {Error} If `dpkg-deb` fails, or is not there.
 */
export async function makeDeb(
  staging: string,
  architecture: string,
  file: string,
  time: string,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await copy(`${staging}/netwright`, `${root}/usr/bin/netwright`, 0o755);
    for (const section of ["man1", "man7"]) {
      for await (const { name } of Deno.readDir(`${staging}/man/${section}`)) {
        await copy(`${staging}/man/${section}/${name}`, `${root}/usr/share/man/${section}/${name}`);
        await runProgram("gzip", ["-9n", `${root}/usr/share/man/${section}/${name}`]);
      }
    }
    for (const [shell, name] of Object.entries(COMPLETIONS)) {
      const folder = COMPLETION_FOLDERS[shell as keyof typeof COMPLETIONS];
      await copy(`${staging}/completions/${shell}/${name}`, `${root}/${folder}/${name}`);
    }
    for (const document of DOCUMENTS) {
      const name = DEBIAN_NAMES[document] ?? document.replace(/^docs\/dialogues/, "examples");
      await copy(`${staging}/${document}`, `${root}/usr/share/doc/netwright/${name}`);
    }
    await runProgram("gzip", ["-9n", `${root}/usr/share/doc/netwright/changelog`]);
    await copy(`${staging}/sbom.cdx.json`, `${root}/usr/share/doc/netwright/sbom.cdx.json`);
    await Deno.mkdir(`${root}/DEBIAN`);
    await Deno.writeTextFile(`${root}/DEBIAN/control`, control(architecture, await sizeOf(root)));
    // Its own folder is made for its user only.
    await Deno.chmod(root, 0o755);
    await runProgram("dpkg-deb", ["--root-owner-group", "-Zxz", "-z3", "--build", root, file], {
      SOURCE_DATE_EPOCH: time,
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function copy(from: string, to: string, mode = 0o644): Promise<void> {
  await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
  await Deno.copyFile(from, to);
  await Deno.chmod(to, mode);
}

/** The size of all files in KiB. */
async function sizeOf(folder: string): Promise<number> {
  let kib = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    kib += isDirectory ? await sizeOf(path) : Math.ceil((await Deno.stat(path)).size / 1024);
  }
  return kib;
}

function control(architecture: string, kib: number): string {
  return `Package: netwright
Version: ${manifest.version}
Architecture: ${architecture}
Maintainer: The Netwright authors <authors@netwright.invalid>
Installed-Size: ${kib}
Depends: libc6 (>= 2.31)
Section: net
Priority: optional
Description: classic Internet protocols, client and server, in a sandbox
 FTP, SMTP, MIME, HTTP, chat, DNS lookups and the small protocols in one
 program. Each command works out from its own arguments which hosts, files
 and programs it needs; the runtime refuses everything else.
`;
}
