/** Other robots and link checkers, and what they found. */

import { inFolder } from "../../support/trees.ts";

/** A robot for LWP, as the book has it: with HEAD for other hosts. Prints status and URL of what failed. */
export const LWP_ROBOT =
  `use strict; use LWP::RobotUA; use HTML::LinkExtor; use URI; use LWP::ConnCache;
my $start = shift;
my $ua = LWP::RobotUA->new(agent => 'bench/1', from => 'ann@b.example');
$ua->delay(0); $ua->conn_cache(LWP::ConnCache->new(total_capacity => 5));
my (%seen, @queue); @queue = ($start); $seen{$start} = 1;
my $host = URI->new($start)->host_port;
while (defined(my $url = shift @queue)) {
  my $u = URI->new($url);
  my $inner = $u->scheme eq 'http' && $u->host_port eq $host;
  my $r = $inner ? $ua->get($url) : $ua->head($url);
  print $r->code, "\\t", $url, "\\n" unless $r->is_success;
  next unless $inner && $r->is_success && $r->content_type eq 'text/html';
  my $x = HTML::LinkExtor->new(undef, $r->base);
  $x->parse($r->decoded_content);
  for my $l ($x->links) {
    my ($tag, %a) = @$l;
    for my $v (values %a) {
      my $n = URI->new($v)->canonical;
      next unless ($n->scheme || '') =~ /^https?$/;
      $n->fragment(undef);
      push @queue, "$n" unless $seen{"$n"}++;
    }
  }
}
`;

async function output(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    stdin: "null",
    signal: AbortSignal.timeout(120_000),
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

/** URLs that \`wget --spider\` calls broken. */
export async function wgetFindings(start: string): Promise<string[]> {
  let found: string[] = [];
  await inFolder(async (folder) => {
    const text = await output(
      "wget",
      ["--spider", "-r", "-l", "inf", "-nv", "--tries=1", start],
      folder,
    );
    const [, list = ""] = /Found \d+ broken links?\.\n\n([^]*?)\n\n/.exec(text) ?? [];
    found = list.split("\n").filter((line) => line !== "");
  });
  return found;
}

/** Configures linkchecker: other hosts too, and no pause where servers allow it. */
export async function linkcheckerConfig(folder: string): Promise<string> {
  const file = `${folder}/linkcheckerrc`;
  // Run as root, it becomes nobody, who must be able to read it.
  await Deno.chmod(folder, 0o755);
  await Deno.writeTextFile(
    file,
    "[checking]\nmaxrequestspersecond=100000\nthreads=10\n[filtering]\ncheckextern=1\n",
  );
  return file;
}

/** URLs that \`linkchecker\` calls not valid, and those that it warns about. */
export async function linkcheckerFindings(start: string): Promise<string[]> {
  const found: string[] = [];
  await inFolder(async (folder) => {
    const config = await linkcheckerConfig(folder);
    const text = await output(
      "linkchecker",
      ["-f", config, "--no-status", "-o", "csv", start],
      folder,
    );
    for (const line of text.split("\n")) {
      const cells = line.split(";");
      const at = cells.indexOf("False");
      if (at > 0) found.push(cells[at + 1] === "" ? cells[0]! : cells[at + 1]!);
    }
  });
  return found;
}

/** URLs that a robot made with LWP could not get. */
export async function lwpFindings(start: string): Promise<string[]> {
  let found: string[] = [];
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/robot.pl`, LWP_ROBOT);
    const text = await output("perl", [`${folder}/robot.pl`, start], folder);
    found = text.split("\n").flatMap((line) => line.split("\t").slice(1));
  });
  return found;
}
