/** Debian's `telnet` and Perl's Net::Telnet against our servers. */

import { assertEquals } from "@std/assert";
import { serve } from "../support/netwright.ts";
import { needs, needsPerl } from "./peers/needs.ts";
import { run } from "./peers/program.ts";
import { Terminal } from "./peers/tmux.ts";

const ELIZA = ["eliza", "--telnet", "--listen", "127.0.0.1:0"];

Deno.test({
  name: "Debian's telnet: lines are edited and wrapped at its window, AYT is answered",
  ignore: !(await needs("telnet") && await needs("tmux")),
  async fn() {
    await using server = await serve(ELIZA);
    await using terminal = await Terminal.open();
    await terminal.type(`clear; telnet ${server.endpoint.replace(":", " ")}`);
    await terminal.press("Enter");
    await terminal.until(/^How do you do\. Please tell me your problem\.$/m);
    await terminal.type("Men are sdlla");
    await terminal.press("BSpace", "BSpace", "BSpace", "BSpace", "BSpace");
    await terminal.type("all alikex y");
    await terminal.press("C-w", "BSpace", "BSpace");
    await terminal.type(".");
    await terminal.press("Enter");
    await terminal.until(/^Men are all alike\.\nIn what way\?$/m);
    await terminal.type("half a sent");
    await terminal.press("C-]");
    await terminal.until(/^telnet> ?$/m);
    await terminal.type("send ayt");
    await terminal.press("Enter");
    await terminal.until(/^\[Yes\]$/m);
    await terminal.press("C-u");
    await terminal.resize(25, 30);
    await terminal.type("bye");
    await terminal.press("Enter");
    await terminal.until(/Goodbye\. It was good of\nyou to talk to me\.\nConnection closed/);
  },
});

Deno.test({
  name: "Net::Telnet: negotiates, sends lines and waits for answers",
  ignore: !await needsPerl("Net::Telnet"),
  async fn() {
    await using server = await serve(ELIZA);
    const [, port = ""] = server.endpoint.split(":");
    const script = `
      my $t = Net::Telnet->new(Host => "127.0.0.1", Port => $ARGV[0], Timeout => 10);
      $t->waitfor('/your problem\\./');
      $t->print("Men are all alike.");
      my ($before, $match) = $t->waitfor('/way\\?/');
      $before =~ s/[\\r\\n]+/|/g;
      print "$before$match\\n";
      $t->break; # forgets the line
      $t->print("bye");
      print $t->getline while !$t->eof;
    `;
    const shown = await run("perl", ["-MNet::Telnet", "-e", script, port]);
    assertEquals(shown.includes("In what way?"), true, shown);
    assertEquals(shown.includes("Goodbye. It was good of you to talk to me."), true, shown);
  },
});

Deno.test({
  name: "Net::Telnet: two people in a chat, one in a line of which is half typed",
  ignore: !await needsPerl("Net::Telnet"),
  async fn() {
    await using server = await serve([
      ...["chat", "--listen", "127.0.0.1:0", "--lines", "127.0.0.1:0", "--telnet"],
    ]);
    const line = await server.errorLine() ?? "";
    const port = /lines at [\d.]+:(\d+)/.exec(line)?.[1] ?? "";
    const script = `
      my @t = map { Net::Telnet->new(Host => "127.0.0.1", Port => $ARGV[0], Timeout => 10) } 1, 2;
      for my $n (0, 1) {
        $t[$n]->waitfor('/nickname/');
        $t[$n]->print($n ? "bob" : "ann");
        $t[$n]->waitfor('/you are (?:ann|bob)/');
        $t[$n]->print("/join Pets");
        $t[$n]->waitfor('/Pets with/');
      }
      $t[0]->put("half a thou");
      $t[1]->print("hello everybody");
      my ($b, $m) = $t[0]->waitfor('/bob: hello everybody/');
      $t[0]->print("ght");
      ($b, $m) = $t[1]->waitfor('/ann: half a thought/');
      print "$m\\n";
    `;
    const shown = await run("perl", ["-MNet::Telnet", "-e", script, port]);
    assertEquals(shown, "ann: half a thought\n");
  },
});
