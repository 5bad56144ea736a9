/** Challenges, and the answers of RFC 7616 and RFC 2617. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { parseChallenges } from "../../../../src/protocols/http/codec/challenges.ts";
import { DigestSession } from "../../../../src/protocols/http/transport/digest.ts";

const FIELDS: readonly [field: string, result: string][] = [
  ["Basic", "basic[]"],
  ["Basic realm=a", "basic[realm=a]"],
  [`Basic realm = "a \\"b\\" c" , charset="UTF-8"`, `basic[realm=a "b" c|charset=UTF-8]`],
  ["Negotiate", "negotiate[]"],
  ["Negotiate YII=, Basic realm=x", "negotiate YII=[] basic[realm=x]"],
  ["NTLM, Basic realm=x, , Digest nonce=n", "ntlm[] basic[realm=x] digest[nonce=n]"],
  [`Digest realm="a, Basic realm=b", nonce="1"`, "digest[realm=a, Basic realm=b|nonce=1]"],
  ["Bearer abc", "bearer abc[]"],
  ["Basic realm=a, realm=b", "basic[realm=a]"],
  [`Basic realm="never ends`, "basic[]"],
  ["=, ;", ""],
  ["", ""],
];

for (const [field, expected] of FIELDS) {
  Deno.test(`parseChallenges(): ${field}`, () => {
    const found = parseChallenges([field]).map(({ scheme, token, parameters }) =>
      `${scheme}${token === undefined ? "" : ` ${token}`}[${
        [...parameters].map(([name, value]) => `${name}=${value}`).join("|")
      }]`
    );
    assertEquals(found.join(" "), expected);
  });
}

Deno.test("parseChallenges(): any text is read, and soon", () => {
  fc.assert(fc.property(fc.string(), (text) => void parseChallenges([text])));
  const start = performance.now();
  for (const piece of ["a ", "a=", 'a="', "a,", "\\", '"', "a = , ", " "]) {
    parseChallenges([piece.repeat(30_000)]);
  }
  assertEquals(performance.now() - start < 2000, true);
});

function answer(
  field: string,
  cnonce: string,
  user = { user: "Mufasa", password: "Circle of Life" },
  body?: Uint8Array,
): string {
  const session = DigestSession.choose(parseChallenges([field]))!;
  return session.authorize({ method: "GET", target: "/dir/index.html", body }, user, cnonce);
}

Deno.test("RFC 7616 §3.9.1: SHA-256 is chosen before MD5", () => {
  const common = `realm="http-auth@example.org", qop="auth, auth-int", ` +
    `nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ` +
    `opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;
  const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  const sha = answer(
    `Digest ${common}, algorithm=MD5, Digest ${common}, algorithm=SHA-256`,
    cnonce,
  );
  assertStringIncludes(
    sha,
    'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
  );
  assertStringIncludes(sha, "algorithm=SHA-256, opaque=");
  assertStringIncludes(sha, `qop=auth, nc=00000001, cnonce="${cnonce}"`);
  assertStringIncludes(
    answer(`Digest ${common}, algorithm=MD5`, cnonce),
    'response="8ca523f5e9506fed4657c9700eebdbec"',
  );
});

Deno.test("RFC 7616 §3.9.2: SHA-512/256 with the hash of a name that is not ASCII", () => {
  // The published value is that of SHA-512 cut off (erratum 4897); this is the algorithm of the text.
  const session = DigestSession.choose(parseChallenges([
    `Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, ` +
    `nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ` +
    `opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true`,
  ]))!;
  const text = session.authorize(
    { method: "GET", target: "/doe.json" },
    { user: "J\u00e4s\u00f8n Doe", password: "Secret, or not?" },
    "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
  );
  assertStringIncludes(text, "userhash=true");
  assertStringIncludes(
    text,
    'username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"',
  );
});

Deno.test("RFC 2617 §3.5 and RFC 2069: with and without quality of protection", () => {
  const user = { user: "Mufasa", password: "Circle Of Life" };
  const realm = `realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"`;
  assertStringIncludes(
    answer(`Digest ${realm}, qop="auth,auth-int", opaque="5ccc"`, "0a4f113b", user),
    'response="6629fae49393a05397450978507c4ef1"',
  );
  const old = answer(`Digest ${realm}`, "x", user);
  assertStringIncludes(old, 'response="670fd8c2df070c60b045671b8b24ff02"');
  assertEquals(/cnonce|qop|nc=/.test(old), false);
});

Deno.test("counts go up, a next nonce begins anew, unknown algorithms are left alone", () => {
  const session = DigestSession.choose(parseChallenges(['Digest nonce="a", qop="auth-int"']))!;
  assertEquals(session.needsBody, true);
  const user = { user: "a", password: "b" };
  const request = { method: "GET", target: "/" };
  const counts = [1, 2].map(() => /nc=(\d+)/.exec(session.authorize(request, user))![1]);
  session.continueWith("next");
  const again = session.authorize(request, user);
  assertEquals([...counts, /nc=(\d+)/.exec(again)![1]], ["00000001", "00000002", "00000001"]);
  assertStringIncludes(again, 'nonce="next"');
  for (const field of ["Digest nonce=a, algorithm=X", "Digest realm=a", "Digest nonce=a, qop=x"]) {
    assertEquals(DigestSession.choose(parseChallenges([field])), undefined);
  }
});
