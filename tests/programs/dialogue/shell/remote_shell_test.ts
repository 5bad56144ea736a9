import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  DisconnectedError,
  InjectionError,
  NetwrightError,
  TimeoutError,
  UsageError,
} from "../../../../src/net/mod.ts";
import {
  Conversation,
  RemoteShell,
  type RemoteShellOptions,
} from "../../../../src/programs/dialogue/mod.ts";
import { Secret } from "../../../../src/protocols/wire/mod.ts";
import {
  connectDevice,
  type DeviceSession,
  type FakeDevice,
} from "../../../support/fake_device.ts";

const ANN = { user: "ann", password: new Secret("hidden1") };
const LOGIN = { user: "ann", password: "hidden1" };

/** A session with a device, and the outputs of its commands. */
async function open(
  device: FakeDevice,
  options: RemoteShellOptions = {},
): Promise<{
  shell: RemoteShell;
  device: DeviceSession;
  run(command: string): Promise<readonly [output: string, status: number | undefined]>;
}> {
  const session = await connectDevice(device);
  const shell = await RemoteShell.open(
    (onScroll) =>
      new Conversation(session.connection, {
        ...{ peer: "device", onScroll, keptRows: 0, rows: 24, columns: 80, lineEnd: () => "\r" },
      }),
    { timeoutMs: 5000, quietMs: 30, ...options },
  );
  return {
    device: session,
    shell,
    async run(command) {
      let output = "";
      const { status } = await shell.run(command, (text) => {
        output += text;
      });
      return [output, status];
    },
  };
}

const numbers = (count: number): string =>
  Array.from({ length: count }, (_, at) => `line ${at + 1}\r\n`).join("");
const plain = (text: string): string => text.replaceAll("\r\n", "\n");

/** Situations that broke other tools. */
const SITUATIONS: readonly [
  title: string,
  device: FakeDevice,
  command: string,
  output: string,
][] = [
  [
    "node-telnet-client#34: a prompt of characters that mean something in patterns",
    { login: LOGIN, prompt: "$ ", run: () => "hello\r\n" },
    "echo hello",
    "hello\n",
  ],
  [
    "node-telnet-client#94: the prompt of BusyBox",
    { greeting: "\r\nBusyBox v1.31\r\n\r\n", prompt: "/ # ", run: () => "x\r\n" },
    "ls",
    "x\n",
  ],
  [
    "node-telnet-client#53: no login, no newline before the first prompt",
    { prompt: "router>", run: () => "ok\r\n" },
    "show clock",
    "ok\n",
  ],
  [
    "node-telnet-client#170: a banner that looks like a prompt",
    {
      greeting: "# Authorized users only #\r\n> ",
      banner: "\r\n",
      prompt: "sw1> ",
      run: () => "y\r\n",
    },
    "x",
    "y\n",
  ],
  [
    "pexpect#646: a prompt that is coloured and cleared",
    { prompt: "\r\x1b[K\x1b[1;32mann@host\x1b[0m:\x1b[34m~\x1b[m$ ", run: () => "one\r\n" },
    "x",
    "one\n",
  ],
  [
    "pexpect#518: output that is overwritten before the prompt",
    { prompt: "san2# ", run: () => "loading...\r\x1b[Kdone\r\n" },
    "show port-channel",
    "done\n",
  ],
  [
    "pexpect#372: the echo of the command holds its output",
    { prompt: "$ ", run: () => "STEP_DONE\r\n" },
    "echo STEP_DONE",
    "STEP_DONE\n",
  ],
  [
    "pexpect#403: a page that ends with a colon",
    {
      prompt: "quagga# ",
      pageRows: 10,
      pageEnd: ":\x1b[K",
      pageErased: "\r\x1b[K",
      run: () => numbers(25),
    },
    "show ip ospf database",
    plain(numbers(25)),
  ],
  [
    "netmiko#1160: the first line behind a page is kept",
    { prompt: "sw1#", pageRows: 20, run: () => numbers(100) },
    "show interface status",
    plain(numbers(100)),
  ],
  [
    "netmiko#1086: the first character of the output is kept",
    {
      prompt: "HP-2530# ",
      pageRows: 5,
      pageEnd: "-- MORE --, next page: Space, next line: Enter, quit: Control-C",
      pageErased: "\r\x1b[2K",
      run: () => "Thu Jan 31 13:14:55 2019\r\n" + numbers(9),
    },
    "show time",
    "Thu Jan 31 13:14:55 2019\n" + plain(numbers(9)),
  ],
  [
    "netmiko#688: the command line is painted again for each character",
    { prompt: "FWadmin@Site(active)> ", echo: "repaint", run: () => "synched\r\n" },
    "show ntp | match synched",
    "synched\n",
  ],
  [
    "netmiko#2176: a prompt of bash without its profile",
    { prompt: "-bash-4.2$ ", run: () => "/root\r\n" },
    "pwd",
    "/root\n",
  ],
  [
    "netmiko#2669: a prompt of MikroTik, its output cut anywhere",
    { prompt: "[admin@MikroTik] > ", isSlow: true, run: () => " 0 R  name=ether1\r\n" },
    "interface print",
    " 0 R  name=ether1\n",
  ],
  [
    "telnetlib3: CR NUL and lone CR in the output",
    { prompt: "mud> ", run: () => "one\r\r\ntwo\r\n" },
    "look",
    "one\ntwo\n",
  ],
  [
    "a number in the prompt counts up",
    { prompt: (count) => `host ${count + 1}> `, run: () => "x\r\n" },
    "x",
    "x\n",
  ],
  [
    "more output than the screen has rows, wider than it",
    { prompt: "sw1#", run: () => `${numbers(500)}${"w".repeat(300)}\r\n` },
    "show all",
    `${plain(numbers(500))}${"w".repeat(300)}\n`,
  ],
  ["no output at all", { prompt: "sw1#", run: () => "" }, "conf t", ""],
  ["tabs and trailing blanks stay", { prompt: "$ ", run: () => "a\tb  \r\n" }, "x", "a\tb  \n"],
];

Deno.test("situations that broke other tools", async () => {
  await Promise.all(SITUATIONS.map(async ([title, device, command, output]) => {
    const login = device.login === undefined ? {} : { login: ANN };
    const { run, shell } = await open(device, login);
    // Once more: the rest of the first run must not disturb.
    assertEquals(await run(command), [output, undefined], title);
    assertEquals(await run(command), [output, undefined], title);
    await shell.close();
  }));
});

Deno.test("node-telnet-client#120: output without a line end, before a prompt that is named", async () => {
  const { run, shell } = await open({ prompt: "/ # ", run: () => "0002" }, { prompt: /\/ # $/ });
  assertEquals(await run("astparam g ch_select"), ["0002", undefined]);
  await shell.close();
});

Deno.test("a router keeps its name while its modes change", async () => {
  const modes = ["r1>", "r1#", "r1(config)#", "r1(config-if)#"];
  const { run, shell } = await open({
    prompt: (count) => modes[Math.min(3, Math.max(0, count - 1))]!,
    run: (command) => `${command} done\r\n`,
  });
  for (const command of ["enable", "configure terminal", "interface eth0"]) {
    assertEquals(await run(command), [`${command} done\n`, undefined]);
  }
  await shell.close();
});

Deno.test("pexpect#577: output before a timeout is not lost, and the error has the last lines", async () => {
  const { shell } = await open({ prompt: "sw1#", run: () => `${numbers(60)}working: ` }, {
    idleTimeoutMs: 100,
    prompt: /^sw1#$/,
  });
  let output = "";
  const error = await assertRejects(
    () =>
      shell.run("slow", (text) => {
        output += text;
      }),
    TimeoutError,
  );
  assertEquals(output, `${plain(numbers(60))}working: sw1#`);
  assert(error.message.includes("last seen:"), error.message);
  await shell.close();
});

Deno.test("wexpect#3: output before the end of the session is kept", async () => {
  const { shell, run } = await open({
    prompt: "$ ",
    run: (command) => command === "exit" ? undefined : "uname\r\nLinux\r\n",
  });
  assertEquals(await run("uname"), ["uname\nLinux\n", undefined]);
  const result = await shell.run("exit", () => {});
  assertEquals([result, shell.hasEnded], [{ status: undefined, hasEnded: true }, true]);
  await shell.close();
});

Deno.test("a shell of UNIX reports exit statuses", async () => {
  let prompt = "ann@host:~$ ";
  let status = 0;
  const { shell, run, device } = await open({
    prompt: () => prompt.replace("$?", String(status)),
    run(command) {
      const [, given] = / PS1='([^']*)'/.exec(command) ?? [];
      if (given !== undefined) prompt = given;
      status = command === "false" ? 1 : 0;
      return command === "hostname" ? "hostname\r\n" : "";
    },
  });
  assertEquals(await run("false"), ["", 1]);
  assertEquals(await run("hostname"), ["hostname\n", 0]);
  assert(device.lines.some((line) => line.includes("stty -echo")));
  await shell.close();
});

Deno.test("the password goes to the question behind the name, and to nothing else", async () => {
  const { run, shell, device } = await open({
    greeting: "Password: is never shown here\r\n",
    login: LOGIN,
    prompt: "$ ",
    run: () => "Password: ",
  }, { login: ANN, idleTimeoutMs: 200, prompt: /\$ $/ });
  await run("su");
  await shell.close();
  assertEquals(device.lines.filter((line) => line === "hidden1").length, 1);
});

Deno.test("logins that are rejected, or never asked for, end in one clear error", async () => {
  const cases: [device: FakeDevice, options: RemoteShellOptions, reason: string][] = [
    [{ login: { user: "ann", password: "other" }, prompt: "$ " }, { login: ANN }, "was rejected"],
    [{ login: LOGIN, prompt: "$ " }, { login: { user: "ann" } }, "there is none for ann"],
    [{ prompt: "" }, { login: ANN, timeoutMs: 200 }, "no prompt came"],
    [{ greeting: "hello", prompt: "" }, { timeoutMs: 200 }, "no prompt"],
    [{ prompt: "" }, { timeoutMs: 200 }, "nothing was seen"],
  ];
  for (const [device, options, reason] of cases) {
    const login = options.login && { timeoutMs: options.timeoutMs, ...options.login };
    const error = await assertRejects(
      () => open(device, { ...options, ...(login && { login }) }),
      NetwrightError,
    );
    assert(error.message.includes(reason) || error.message.includes("no question"), error.message);
    assert(!error.message.includes("hidden1"), error.message);
  }
  const minus = { user: "-f root", password: new Secret("x") };
  await assertRejects(() => open({ login: LOGIN, prompt: "$ " }, { login: minus }), UsageError);
});

Deno.test("questions in other words and languages", async () => {
  for (
    const questions of [
      { user: "Username:", password: "Password:" },
      { user: "host login: ", password: "Passwort: " },
      { user: "User Name: ", password: "Mot de passe : " },
      { user: "login as: ", password: "ann's password: " },
    ]
  ) {
    const { run, shell } = await open(
      { login: LOGIN, questions, prompt: "sw1>", run: () => "in\r\n" },
      { login: ANN },
    );
    assertEquals(await run("x"), ["in\n", undefined]);
    await shell.close();
  }
});

Deno.test("a command of several lines is refused, and nothing is sent", async () => {
  const { shell, device } = await open({ prompt: "sw1#" });
  const before = device.lines.length;
  await assertRejects(() => shell.run("one\ntwo", () => {}), InjectionError);
  assertEquals(device.lines.length, before);
  device.connection.close();
  await assertRejects(() => shell.run("x", () => {}), DisconnectedError);
  await shell.close();
});

/** A shell that takes a unique prompt and echoes nothing then. */
function posix(run: (command: string) => string): FakeDevice {
  let prompt = "ann@host:~$ ";
  let echo: FakeDevice["echo"] = "characters";
  return {
    prompt: () => prompt.replace("$?", "0"),
    get echo() {
      return echo!;
    },
    run(command) {
      const [, given] = / PS1='([^']*)'/.exec(command) ?? [];
      if (given === undefined) return run(command);
      prompt = given;
      echo = "none";
      return "";
    },
  };
}

Deno.test("output that moves the cursor does not touch the prompt", async () => {
  const outputs: Record<string, string> = {
    progress: "\r 10%\r100%\r\n",
    back: "\b\b\b\bX\r\n",
    column: "\x1b[1GQ\r\n",
    cleared: "\x1b[2Kz\r\n",
    unfinished: "hi\r",
    overwritten: "ab\rX",
    noend: "0002",
  };
  const { run, shell } = await open(posix((command) => outputs[command] ?? ""));
  assertEquals(await run("progress"), ["100%\n", 0]);
  assertEquals(await run("back"), ["X\n", 0]);
  assertEquals(await run("column"), ["Q\n", 0]);
  assertEquals(await run("cleared"), ["z\n", 0]);
  assertEquals(await run("unfinished"), ["", 0]);
  assertEquals(await run("overwritten"), ["X", 0]);
  assertEquals(await run("noend"), ["0002", 0]);
  await shell.close();
});

Deno.test("a prompt of a symbol counts as a shell's, and its lines before do not show", async () => {
  const { run, shell } = await open({
    prompt: "\r\n[ann] ~/src\r\n\u276f ",
    run: () => "out\r\n",
  });
  assertEquals(await run("x"), ["out\n", undefined]);
  await shell.close();
});

Deno.test("a prompt of two lines, as Junos has it", async () => {
  const { run, shell } = await open({
    prompt: "\r\n{master:0}\r\nuser@sw> ",
    run: () => "out\r\n",
  });
  assertEquals(await run("show version"), ["out\n", undefined]);
  await shell.close();
});

Deno.test("a prompt at a fixed row of the screen, as HP ProCurve has it", async () => {
  const { run, shell } = await open({
    prompt: "\x1b[24;1HHP-Switch# \x1b[24;1H\x1b[24;12H",
    run: () => "out\r\n",
  });
  assertEquals((await run("show"))[0].trim(), "out");
  await shell.close();
});

Deno.test("a prompt that becomes another one is found by Enter", async () => {
  let name = "R1";
  const { run, shell } = await open({
    prompt: () => `${name}${name === "any" ? "%" : "#"}`,
    run(command) {
      name = command.split(" ")[1] ?? name;
      return "ok\r\n";
    },
  });
  assertEquals(await run("hostname R2"), ["ok\n", undefined]);
  assertEquals(await run("hostname any"), ["ok\n", undefined]);
  assertEquals(await run("show"), ["ok\n", undefined]);
  await shell.close();
});

Deno.test("a message at the prompt is no output, nor is the echo behind it", async () => {
  const { run, shell, device } = await open({ prompt: "R1#", run: () => "ok\r\n" });
  assertEquals(await run("one"), ["ok\n", undefined]);
  await device.say("\r\n%LINK-3-UPDOWN: down\r\nR1#");
  assertEquals(await run("two"), ["ok\n", undefined]);
  await shell.close();
});

Deno.test("a server that asks for a login without one is told apart from one without a prompt", async () => {
  const error = await assertRejects(() => open({ login: LOGIN, prompt: "$ " }), NetwrightError);
  assert(error.message.includes("the server asks for a login"), error.message);
});
