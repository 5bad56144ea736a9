import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InjectionError, ProtocolError, UnsupportedError } from "../../src/net/mod.ts";
import { decodeBase64, encodeBase64 } from "../../src/protocols/sasl/base64.ts";
import {
  chooseMechanism,
  offeredMechanisms,
  SASL_MECHANISMS,
  saslClient,
  type SaslCredentials,
  type SaslMechanism,
  saslPrep,
  saslServer,
  type SaslStep,
  type SaslUsers,
} from "../../src/protocols/sasl/mod.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { ScramClient } from "../../src/protocols/sasl/scram_client.ts";
import { ScramServer } from "../../src/protocols/sasl/scram_server.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array): string => new TextDecoder().decode(value);
const NOTHING = new Uint8Array(0);

const USERS: SaslUsers = {
  password: (user) => Promise.resolve(user === "ann" ? "sésame" : undefined),
  checkToken: (user, token) => Promise.resolve(user === "ann" && token === "t0ken"),
  external: () => "ann",
  anonymous: true,
  mayActAs: (who, as) => Promise.resolve(who === "ann" && as === "shared"),
};

/** Lets both sides talk to the end. */
async function meet(
  mechanism: SaslMechanism,
  credentials: SaslCredentials,
  users: SaslUsers = USERS,
): Promise<string> {
  const client = saslClient(mechanism, credentials);
  const server = saslServer(mechanism, users);
  assertEquals(client.clientFirst, server.clientFirst);
  let step: SaslStep = client.clientFirst ? { challenge: NOTHING } : await server.step(NOTHING);
  for (let turn = 0; turn < 10; turn++) {
    if ("failure" in step) return `no: ${step.failure}`;
    if ("identity" in step) {
      client.finish();
      const { user, authenticated, mechanism: by } = step.identity;
      assertEquals(by, mechanism);
      return user === authenticated ? user : `${authenticated} as ${user}`;
    }
    step = await server.step(await client.respond(step.challenge));
  }
  throw new Error("no end");
}

Deno.test("both sides of each mechanism agree", async (t) => {
  for (const mechanism of SASL_MECHANISMS) {
    const anonymous = mechanism === "ANONYMOUS";
    const good = { user: "ann", password: new Secret("sésame"), token: new Secret("t0ken") };
    await t.step(`${mechanism}: right`, async () => {
      assertEquals(await meet(mechanism, good), anonymous ? "anonymous" : "ann");
    });
    if (anonymous) continue;
    if (mechanism !== "LOGIN" && mechanism !== "CRAM-MD5" && !mechanism.includes("AUTH")) {
      await t.step(`${mechanism}: acting as someone else`, async () => {
        assertEquals(
          await meet(mechanism, { ...good, authorizationId: "shared" }),
          "ann as shared",
        );
        const refused = await meet(mechanism, { ...good, authorizationId: "root" });
        assertEquals(refused, "no: it may not act as another user");
      });
    }
    await t.step(`${mechanism}: wrong secret, unknown user, no one known`, async () => {
      const no = "no: the credentials are wrong";
      const wrong = { user: "ann", password: new Secret("x"), token: new Secret("x") };
      if (mechanism !== "EXTERNAL") {
        assertEquals(await meet(mechanism, wrong), no);
        assertEquals(await meet(mechanism, { ...good, user: "bob" }), no);
      }
      assertEquals(await meet(mechanism, good, {}), no);
    });
  }
});

Deno.test("SCRAM keeps to the vectors of its RFCs", async (t) => {
  const vectors = [
    {
      mechanism: "SCRAM-SHA-1",
      clientNonce: "fyko+d2lbbFgONRv9qkxdawL",
      serverNonce: "3rfcNHYJY1ZVvWVs7j",
      salt: "QSXCR+Q6sek8bf92",
      clientFirst: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
      serverFirst: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
      clientFinal:
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
      serverFinal: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    },
    {
      mechanism: "SCRAM-SHA-256",
      clientNonce: "rOprNGfwEbeRWgbNEkqO",
      serverNonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
      salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
      clientFirst: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
      serverFirst:
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      clientFinal:
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
      serverFinal: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    },
  ] as const;
  for (const vector of vectors) {
    await t.step(vector.mechanism, async () => {
      const client = new ScramClient(
        vector.mechanism,
        { user: "user" },
        "pencil",
        vector.clientNonce,
      );
      assertEquals(text(await client.respond(NOTHING)), vector.clientFirst);
      assertEquals(text(await client.respond(bytes(vector.serverFirst))), vector.clientFinal);
      assertThrows(() => client.finish(), ProtocolError);
      assertEquals(text(await client.respond(bytes(vector.serverFinal))), "");
      client.finish();
      const server = new ScramServer(
        vector.mechanism,
        { password: () => Promise.resolve("pencil") },
        { salt: decodeBase64(vector.salt)!, nonce: vector.serverNonce },
      );
      const say = async (message: string) => {
        const step = await server.step(message);
        return "challenge" in step ? text(step.challenge) : JSON.stringify(step);
      };
      assertEquals(await say(vector.clientFirst), vector.serverFirst);
      assertEquals(await say(vector.clientFinal), vector.serverFinal);
      assert((await say("")).includes('"user":"user"'));
      assertEquals(await say(""), '{"failure":"the attempt is over"}');
    });
  }
});

Deno.test("a SCRAM client believes no server that cannot prove itself", async (t) => {
  const first = "r=abcXYZ,s=QSXCR+Q6sek8bf92,i=4096";
  const cases: readonly [name: string, first: string, final: string | undefined, says: RegExp][] = [
    ["another nonce", "r=xyz,s=QSXCR+Q6sek8bf92,i=4096", undefined, /does not go on from ours/],
    ["our nonce alone", "r=abc,s=QSXCR+Q6sek8bf92,i=4096", undefined, /does not go on from ours/],
    ["few iterations", "r=abcX,s=QSXCR+Q6sek8bf92,i=1", undefined, /only 1 iterations/],
    ["many iterations", "r=abcX,s=QSXCR+Q6sek8bf92,i=999999999", undefined, /more than 2000000/],
    ["no salt", "r=abcX,s=,i=4096", undefined, /no salt/],
    ["no base64", "r=abcX,s=!,i=4096", undefined, /no salt/],
    ["an extension that must be known", "m=x,r=abcX,s=QQ==,i=4096", undefined, /no salt/],
    ["garbage", "hello", undefined, /no salt/],
    ["a wrong proof", first, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", /its proof is wrong/],
    ["no proof", first, "", /its proof is wrong/],
    ["an error", first, "e=invalid-proof", /refuses: invalid-proof/],
  ];
  for (const [name, serverFirst, serverFinal, says] of cases) {
    await t.step(name, async () => {
      const client = new ScramClient("SCRAM-SHA-1", { user: "user" }, "pencil", "abc");
      await client.respond(NOTHING);
      const error = await (async () => {
        await client.respond(bytes(serverFirst));
        await client.respond(bytes(serverFinal ?? ""));
      })().catch((error) => error);
      assert(error instanceof Error && says.test(error.message), String(error));
      assertThrows(() => client.finish(), ProtocolError);
    });
  }
});

Deno.test("messages are those of the RFCs", async (t) => {
  await t.step("PLAIN, RFC 4616 §4", async () => {
    const client = (more: Partial<SaslCredentials>) =>
      saslClient("PLAIN", { user: "Kurt", password: new Secret("xipj3plmq"), ...more });
    assertEquals(text(await client({}).respond(NOTHING)), "\0Kurt\0xipj3plmq");
    assertEquals(
      text(await client({ authorizationId: "Ursel" }).respond(NOTHING)),
      "Ursel\0Kurt\0xipj3plmq",
    );
  });
  await t.step("CRAM-MD5, RFC 2195 §2", async () => {
    const client = saslClient("CRAM-MD5", {
      user: "tim",
      password: new Secret("tanstaaftanstaaf"),
    });
    assertEquals(
      text(await client.respond(bytes("<1896.697170952@postoffice.reston.mci.net>"))),
      "tim b913a602c7eda7a495b4e6e7334d3890",
    );
  });
  await t.step("OAUTHBEARER, RFC 7628 §4.1", async () => {
    const client = saslClient("OAUTHBEARER", {
      user: "user@example.com",
      host: "server.example.com",
      port: 143,
      token: new Secret("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="),
    });
    assertEquals(
      encodeBase64(await client.respond(NOTHING)),
      "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyI" +
        "HZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB",
    );
    assertEquals(text(await client.respond(bytes('{"status":"invalid_token"}'))), "\x01");
    await assertRejects(() => client.respond(NOTHING), ProtocolError);
  });
  await t.step("XOAUTH2", async () => {
    const user = "someuser@example.com";
    const client = saslClient("XOAUTH2", {
      user,
      token: new Secret("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"),
    });
    assertEquals(
      encodeBase64(await client.respond(NOTHING)),
      "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==",
    );
  });
});

Deno.test("saslPrep() keeps to RFC 4013 §3", () => {
  const cases = [
    ["I\u00adX", "IX"],
    ["user", "user"],
    ["USER", "USER"],
    ["\u00aa", "a"],
    [
      "\u2168",
      "IX",
    ],
    ["a\u00a0b", "a b"],
    ["\u0627\u0031\u0628", "\u0627\u0031\u0628"],
  ] as const;
  for (const [from, to] of cases) assertEquals(saslPrep(from), to);
  for (const bad of ["\u0007", "\u0627\u0031", "\u0627a\u0628", "\ue000", "\ud800", "\ufffe"]) {
    assertThrows(() => saslPrep(bad), InjectionError);
  }
});

Deno.test("credentials cannot break out of their messages", () => {
  const secret = new Secret("x");
  const cases: readonly [SaslMechanism, SaslCredentials][] = [
    ["PLAIN", { user: "a\0b", password: secret }],
    ["PLAIN", { user: "a", password: new Secret("x\0y") }],
    ["PLAIN", { user: "a", authorizationId: "\0", password: secret }],
    ["XOAUTH2", { user: "a\x01b", token: secret }],
    ["XOAUTH2", { user: "a", token: new Secret("x\x01y") }],
    ["OAUTHBEARER", { user: "a\x01b", token: secret }],
    ["OAUTHBEARER", { user: "a", host: "b\x01", token: secret }],
    ["OAUTHBEARER", { user: "a", token: new Secret("x y") }],
  ];
  for (const [mechanism, credentials] of cases) {
    assertThrows(() => {
      const client = saslClient(mechanism, credentials);
      // Messages are built when they are asked for, which rejects in the same turn.
      client.respond(NOTHING).catch(() => {});
    }, InjectionError);
  }
  assertThrows(() => saslClient("PLAIN", { user: "a" }), TypeError);
  assertThrows(
    () => saslClient("XOAUTH2", { user: "a", password: secret }).respond(NOTHING),
    TypeError,
  );
});

Deno.test("chooseMechanism() prefers what shows nothing, and refuses to show a secret", () => {
  const password = { user: "ann", password: new Secret("x") };
  const token = { user: "ann", token: new Secret("x") };
  const choose = (
    offered: string,
    credentials: SaslCredentials,
    secure: boolean,
    requested?: string,
  ) => chooseMechanism({ offered: offered.split(" "), credentials, secure, requested });
  assertEquals(choose("LOGIN PLAIN CRAM-MD5 SCRAM-SHA-1", password, true), "SCRAM-SHA-1");
  assertEquals(choose("plain login", password, true), "PLAIN");
  assertEquals(choose("PLAIN XOAUTH2", token, true), "XOAUTH2");
  assertEquals(choose("PLAIN EXTERNAL", password, true, "external"), "EXTERNAL");
  assertEquals(choose("PLAIN EXTERNAL", password, true), "PLAIN");
  assertThrows(
    () => choose("PLAIN LOGIN", password, false),
    UnsupportedError,
    "would send the secret",
  );
  assertThrows(() => choose("GSSAPI NTLM", password, true), UnsupportedError, "offers GSSAPI NTLM");
  assertThrows(() => choose("XOAUTH2", token, false), UnsupportedError);
});

Deno.test("offeredMechanisms() offers the mechanisms that the server can verify", () => {
  assertEquals(offeredMechanisms({}, true), []);
  assertEquals(offeredMechanisms(USERS, true), [...SASL_MECHANISMS]);
  const hashed = { checkPassword: () => Promise.resolve(true) };
  assertEquals(offeredMechanisms(hashed, true), ["PLAIN", "LOGIN"]);
  assertEquals(offeredMechanisms(hashed, false), []);
});

Deno.test("a server's side ends in a step, whatever comes", async (t) => {
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: fc.constantFrom("n", ",", "=", "a", "\0", "\x01", "r", "p", " ", "y") })
      .map(bytes),
  );
  for (const mechanism of SASL_MECHANISMS) {
    await t.step(mechanism, async () => {
      const users = { ...USERS, external: () => undefined, anonymous: false };
      await fc.assert(
        fc.asyncProperty(fc.array(message, { maxLength: 4 }), async (messages) => {
          const server = saslServer(mechanism, users);
          for (const one of messages) {
            const step = await server.step(one);
            assert("challenge" in step || "failure" in step, JSON.stringify(step));
          }
        }),
        { numRuns: 60 },
      );
      const step = await saslServer(mechanism, users).step(new Uint8Array(20_000));
      assert("failure" in step);
    });
  }
});

Deno.test("base64 is strict, and the identity both ways", () => {
  fc.assert(fc.property(fc.uint8Array(), (input) => {
    assertEquals(decodeBase64(encodeBase64(input)), input);
  }));
  for (const bad of ["A", "AB", "AB==C", "A===", "AA E", "AAE=\n", "AAF=", "Ä==="]) {
    assertEquals(decodeBase64(bad), undefined);
  }
  assertInstanceOf(decodeBase64(""), Uint8Array);
});
