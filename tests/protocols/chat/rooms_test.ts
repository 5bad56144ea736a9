/** The rooms of the chat, as chapter 19 of the book has them. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { splitChatText } from "../../../src/protocols/chat/internal.ts";
import {
  CHAT_CODES,
  type ChatEvent,
  ChatRooms,
  type ChatRoomsOptions,
  type ChatSeat,
  decodeChat,
  encodeChat,
} from "../../../src/protocols/chat/mod.ts";

/** Rooms, and users that record their messages. */
class Talk {
  time = 0;
  readonly rooms: ChatRooms;
  readonly #seats = new Map<string, ChatSeat>();
  readonly #reported = new Map<string, string[]>();

  constructor(options: ChatRoomsOptions = {}) {
    this.rooms = new ChatRooms(
      { channels: { Weather: "Rain", Pets: "Cats" }, ...options },
      () => this.time,
    );
  }

  /** Lets a user act; returns the new messages of each user by name. */
  do(key: string, event: ChatEvent | undefined, text = ""): Record<string, string[]> {
    let seat = this.#seats.get(key);
    if (seat === undefined) {
      const reported: string[] = [];
      this.#reported.set(key, reported);
      seat = {
        key,
        host: key.replace(/\d+$/, ""),
        send: (event, text) => reported.push(`${event} ${text}`.trim()),
      };
      this.#seats.set(key, seat);
    }
    this.rooms.receive(seat, event, text);
    return this.received();
  }

  received(): Record<string, string[]> {
    return Object.fromEntries(
      [...this.#reported].flatMap(([key, reported]) =>
        reported.length > 0 ? [[key, reported.splice(0)]] : []
      ),
    );
  }
}

Deno.test("the rooms reply as the book's server does", () => {
  const talk = new Talk();
  const steps: readonly [
    who: string,
    event: ChatEvent | undefined,
    text: string,
    reported: Record<string, string[]>,
  ][] = [
    ["a", "joinRequest", "Weather", { a: ["error please log in"] }],
    ["a", undefined, "", { a: ["error please log in"] }],
    ["a", "loginRequest", "ann", { a: ["loginAck ann"] }],
    ["a", "loginRequest", "ann", { a: ["loginAck ann"] }],
    ["b", "loginRequest", "Ann", { b: ["error nickname already in use"] }],
    ["b", "loginRequest", "bob", { b: ["loginAck bob"] }],
    ["a", "sendPublic", "hello", { a: ["error no current channel"] }],
    ["a", "listUsers", "", { a: ["error no current channel"] }],
    ["a", "joinRequest", "Tools", { a: ["error no channel named Tools"] }],
    ["a", "joinRequest", "weather", { a: ["joinAck Weather 1 Rain"] }],
    ["b", "joinRequest", "WEATHER", {
      a: ["userJoins Weather bob"],
      b: ["joinAck Weather 2 Rain"],
    }],
    ["b", "joinRequest", "Pets", { b: ["joinAck Pets 1 Cats"] }],
    ["a", "sendPublic", " it rains ", {
      a: ["publicMessage Weather ann  it rains"],
      b: ["publicMessage Weather ann  it rains"],
    }],
    ["b", "sendPublic", "meow", { b: ["publicMessage Pets bob meow"] }],
    ["a", "sendPrivate", "bob psst, hey", { b: ["privateMessage ann psst, hey"] }],
    ["a", "sendPrivate", "carl hey", { a: ["error carl: not logged in"] }],
    ["a", "listChannels", "", { a: ["channelItem Weather 2 Rain", "channelItem Pets 1 Cats"] }],
    ["b", "listUsers", "", { b: ["userItem bob 0 Pets Weather"] }],
    // Parting the current channel makes the one before it current, and reports so.
    ["b", "partRequest", "pets", { b: ["partAck Pets 0 Cats", "joinAck Weather 2 Rain"] }],
    ["b", "sendPublic", "back", {
      a: ["publicMessage Weather bob back"],
      b: ["publicMessage Weather bob back"],
    }],
    ["b", "partRequest", "pets", { b: ["error you are not in Pets"] }],
    ["b", "partRequest", "", { a: ["userParts Weather bob"], b: ["partAck Weather 1 Rain"] }],
    ["b", "partRequest", "", { b: ["error no channel named"] }],
    ["a", "setMulticastPort", "", { a: ["error unimplemented event code"] }],
    ["a", undefined, "x", { a: ["error unimplemented event code"] }],
    ["a", "stillHere", "", {}],
    ["b", "joinRequest", "Weather", {
      a: ["userJoins Weather bob"],
      b: ["joinAck Weather 2 Rain"],
    }],
    ["a", "logoff", "", { b: ["userParts Weather ann"] }],
    ["a", "stillHere", "", { a: ["error please log in"] }],
    ["b", "logoff", "", {}],
  ];
  for (const [who, event, text, reported] of steps) {
    assertEquals(talk.do(who, event, text), reported);
  }
  assertEquals([talk.rooms.users, talk.rooms.occupancy], [0, { Weather: 0, Pets: 0 }]);
});

Deno.test("the rooms refuse what would harm others", async (t) => {
  await t.step("nicknames", () => {
    for (
      const name of [
        "",
        "two words",
        "x".repeat(21),
        "-dash",
        "a\x1b[31m",
        "a\u202eb",
        "a\0",
        "é́".repeat(20),
      ]
    ) {
      const [reported] = new Talk().do("a", "loginRequest", name)["a"]!;
      assert(reported!.startsWith("error a nickname has"), `${name} ${reported}`);
    }
    for (const name of ["ann", "Zoë", "日本", "a_b-c9", "_x"]) {
      assertEquals(new Talk().do("a", "loginRequest", name), { a: [`loginAck ${name}`] });
    }
  });
  await t.step("too many users, of a host and in all", () => {
    const talk = new Talk({ maxUsers: 3, maxPerHost: 2 });
    for (const key of ["a1", "a2"]) talk.do(key, "loginRequest", key);
    assertEquals(talk.do("a3", "loginRequest", "a3")["a3"], ["error too many users"]);
    talk.do("b1", "loginRequest", "b1");
    assertEquals(talk.do("c1", "loginRequest", "c1")["c1"], ["error too many users"]);
    talk.do("a1", "logoff");
    assertEquals(talk.do("a3", "loginRequest", "a3")["a3"], ["loginAck a3"]);
  });
  await t.step("a new nickname from the same place takes the place of the old one", () => {
    const talk = new Talk();
    talk.do("a", "loginRequest", "ann");
    talk.do("b", "loginRequest", "bob");
    for (const key of ["a", "b"]) talk.do(key, "joinRequest", "Pets");
    assertEquals(talk.do("a", "loginRequest", "anna"), {
      a: ["loginAck anna"],
      b: ["userParts Pets ann"],
    });
    assertEquals(talk.rooms.users, 2);
  });
  await t.step("control characters and walls of text", () => {
    const talk = new Talk({ maxText: 20 });
    talk.do("a", "loginRequest", "ann");
    talk.do("a", "joinRequest", "Pets");
    assertEquals(talk.do("a", "sendPublic", "\x1b[2J\x07"), {
      a: ["publicMessage Pets ann \\x1b[2J\\x07"],
    });
    assertEquals(talk.do("a", "sendPublic", "x".repeat(21)), {
      a: ["error a message has up to 20 characters"],
    });
    assertEquals(talk.do("a", "sendPublic", "  "), {});
  });
  await t.step("floods", () => {
    const talk = new Talk({ perSecond: 2, burst: 3 });
    talk.do("a", "loginRequest", "ann");
    talk.do("a", "joinRequest", "Pets");
    const reported = Array.from(
      { length: 5 },
      (_, n) => talk.do("a", "sendPublic", `${n}`)["a"]?.[0],
    );
    assertEquals(reported, [
      "publicMessage Pets ann 0",
      "publicMessage Pets ann 1",
      "error not so fast: this was not sent",
      undefined,
      undefined,
    ]);
    talk.time += 500;
    assertEquals(talk.do("a", "sendPublic", "again")["a"], ["publicMessage Pets ann again"]);
    // A user who was slowed down may still leave.
    talk.do("a", "logoff");
    assertEquals(talk.rooms.users, 0);
  });
  await t.step("the dead", () => {
    const talk = new Talk({ idleTimeoutMs: 1000 });
    for (const key of ["a", "b", "c"]) talk.do(key, "loginRequest", `nick${key}`);
    for (const key of ["a", "b"]) talk.do(key, "joinRequest", "Pets");
    talk.time = 900;
    talk.do("b", "stillHere");
    talk.time = 1100;
    talk.received();
    assertEquals(talk.rooms.dropSilent(), ["nicka", "nickc"]);
    assertEquals(talk.received(), { b: ["userParts Pets nicka"] });
    assertEquals(talk.do("a", "sendPublic", "x"), { a: ["error please log in"] });
    assertEquals(talk.rooms.users, 1);
  });
});

Deno.test("datagrams: encode then decode is the identity, and no bytes are too strange", () => {
  const events = Object.keys(CHAT_CODES) as ChatEvent[];
  fc.assert(
    fc.property(fc.constantFrom(...events), fc.string({ unit: "grapheme" }), (event, text) => {
      fc.pre(!text.endsWith("\0") && !text.startsWith("\ufeff"));
      const datagram = decodeChat(encodeChat(event, text))!;
      assertEquals([datagram.event, datagram.code], [event, CHAT_CODES[event]]);
      datagram.text.validate((back) => assertEquals(back, text));
    }),
  );
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    assertEquals(decodeChat(bytes) === undefined, bytes.length < 2);
  }));
  assertEquals(splitChatText("  a  b c d", 2), ["a", "b", "c d"]);
  assertEquals(splitChatText("a", 2), ["a", "", ""]);
});

Deno.test("a million fuzzed datagrams change nothing", () => {
  const talk = new Talk({ idleTimeoutMs: Infinity, perSecond: Infinity, burst: Infinity });
  talk.do("a", "loginRequest", "ann");
  talk.do("a", "joinRequest", "Pets");
  const before = JSON.stringify([talk.rooms.users, talk.rooms.occupancy]);
  const reported: Record<string, number> = {};
  const stranger: ChatSeat = {
    key: "s",
    host: "s",
    send: (event, text) => reported[`${event} ${text}`] = (reported[`${event} ${text}`] ?? 0) + 1,
  };
  const known: ChatSeat = { ...stranger, key: "a" };
  let seed = 1;
  const random = (): number => seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  const bytes = new Uint8Array(64);
  for (let n = 0; n < 1_000_000; n++) {
    const length = random() % 64;
    for (let i = 0; i < length; i++) bytes[i] = random() >> 8;
    // Half of the codes are real ones, but for logins, which would be true.
    if (n % 2 === 0) [bytes[0], bytes[1]] = [0, (random() >> 4) % 22 * 10];
    if (bytes[0] === 0 && bytes[1] === 20) continue;
    const datagram = decodeChat(bytes.subarray(0, length));
    if (datagram === undefined) continue;
    datagram.text.validate((text) => talk.rooms.receive(stranger, datagram.event, text));
    // An unknown request of a user who is logged in.
    if (datagram.event === undefined) {
      datagram.text.validate((text) => talk.rooms.receive(known, undefined, text));
    }
  }
  assertEquals(JSON.stringify([talk.rooms.users, talk.rooms.occupancy]), before);
  assertEquals(Object.keys(reported).sort(), [
    "error please log in",
    "error unimplemented event code",
  ]);
});

Deno.test("the port of groups is announced only where it is not the usual one; acts are reported", () => {
  for (const groupPort of [2028, 2029]) {
    const reported: string[] = [];
    const acts: string[] = [];
    const rooms = new ChatRooms({ groupPort, onAct: (text) => acts.push(text) });
    const seat = {
      key: "192.0.2.1:5",
      host: "192.0.2.1",
      send: (event: string) => reported.push(event),
    };
    rooms.receive(seat, "loginRequest", "ann");
    rooms.receive(seat, "joinRequest", "weather");
    rooms.receive(seat, "sendPublic", "a secret");
    rooms.receive(seat, "partRequest", "weather");
    rooms.receive(seat, "logoff", "");
    assertEquals(reported.includes("setMulticastPort"), groupPort === 2029);
    assertEquals(acts, [
      "ann logs in from 192.0.2.1:5",
      "ann joins Weather",
      "ann parts Weather",
      "ann leaves",
    ]);
  }
});
