import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InjectionError, ProtocolError } from "../../../src/net/mod.ts";
import {
  formatAddresses,
  type MailAddress,
  mailboxesOf,
  parseAddresses,
  parseMailbox,
} from "../../../src/mime/mod.ts";

const CASES: { name: string; text: string; expected: MailAddress[]; defect?: boolean }[] = [
  { name: "a bare address", text: "ann@example.org", expected: [{ address: "ann@example.org" }] },
  // RFC 5322 appendix A
  {
    name: "A.1.2's names",
    text: '"Joe Q. Public" <john.q.public@example.com>',
    expected: [{ name: "Joe Q. Public", address: "john.q.public@example.com" }],
  },
  {
    name: "A.1.2's list",
    text: "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
    expected: [
      { name: "Mary Smith", address: "mary@x.test" },
      { address: "jdoe@example.org" },
      { name: "Who?", address: "one@y.test" },
    ],
  },
  {
    name: "A.1.2's quotes",
    text: '<boss@nil.test>, "Giant; \\"Big\\" Box" <sysservices@example.net>',
    expected: [
      { address: "boss@nil.test" },
      { name: 'Giant; "Big" Box', address: "sysservices@example.net" },
    ],
  },
  {
    name: "A.1.3's group",
    text: "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
    expected: [{
      group: "A Group",
      members: [
        { name: "Ed Jones", address: "c@a.test" },
        { address: "joe@where.test" },
        { name: "John", address: "jdoe@one.test" },
      ],
    }],
  },
  {
    name: "A.1.3's empty group",
    text: "Undisclosed recipients:;",
    expected: [{ group: "Undisclosed recipients", members: [] }],
  },
  {
    name: "A.5's comments",
    text: "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
    expected: [{ name: "Pete", address: "pete@silly.test" }],
  },
  {
    name: "A.5's group with comments",
    text:
      "A Group(Some people)\r\n     :Chris Jones <c@(Chris's host.)public.example>,\r\n         joe@example.org,\r\n  John <jdoe@one.test> (my dear friend); (the end of the group)",
    expected: [{
      group: "A Group",
      members: [
        { name: "Chris Jones", address: "c@public.example" },
        { address: "joe@example.org" },
        { name: "John", address: "jdoe@one.test" },
      ],
    }],
  },
  {
    name: "A.5's hidden group",
    text: "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;",
    expected: [{ group: "Hidden recipients", members: [] }],
  },
  {
    name: "A.6.1's dots and empty places",
    text: "Joe Q. Public <john.q.public@example.com>",
    expected: [{ name: "Joe Q. Public", address: "john.q.public@example.com" }],
  },
  {
    name: "A.6.1's route",
    text: "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
    expected: [{ name: "Mary Smith", address: "mary@example.net" }, {
      address: "jdoe@test.example",
    }],
  },
  {
    name: "a name in a comment",
    text: "ann@b.c (Ann)",
    expected: [{ name: "Ann", address: "ann@b.c" }],
  },
  {
    name: "an encoded name",
    text: "=?utf-8?q?Doe,_J=C3=BC?= <a@b.c>",
    expected: [{ name: "Doe, Jü", address: "a@b.c" }],
  },
  {
    name: "a name of 8 bits",
    text: "Jürgen <j@b.c>",
    expected: [{ name: "Jürgen", address: "j@b.c" }],
  },
  {
    name: "an address of RFC 6532",
    text: "用户@例子.公司",
    expected: [{ address: "用户@例子.公司" }],
  },
  {
    name: "an address in a word as a name",
    text: "=?utf-8?q?x=40evil.example=3E=2C?= <a@b.c>",
    expected: [{ name: "x@evil.example>,", address: "a@b.c" }],
  },
  {
    name: "an address in quotes as a local part",
    text: '"xclow3n@gmail.com x"@internal.example',
    expected: [{ address: '"xclow3n@gmail.com x"@internal.example' }],
  },
  { name: "quotes that were needless", text: '"ann"@b.c', expected: [{ address: "ann@b.c" }] },
  { name: "a domain literal", text: "a@[192.0.2.1]", expected: [{ address: "a@[192.0.2.1]" }] },
  { name: "a local name", text: "root", expected: [{ address: "root" }] },
  { name: "nothing", text: " , ", expected: [] },
  { name: "the null address", text: "<>", expected: [{ address: "" }] },
  {
    name: "semicolons",
    text: "a@b.c; d@e.f",
    expected: [{ address: "a@b.c" }, { address: "d@e.f" }],
    defect: true,
  },
  { name: "two at signs", text: "a@b@c.d", expected: [{ address: '"a@b"@c.d' }], defect: true },
  {
    name: "a lost bracket",
    text: "Ann <a@b.c",
    expected: [{ name: "Ann", address: "a@b.c" }],
    defect: true,
  },
  {
    name: "no brackets",
    text: "Ann Doe a@b.c",
    expected: [{ name: "Ann Doe", address: "a@b.c" }],
    defect: true,
  },
  {
    name: "an address as a name",
    text: "a@b.c <d@e.f>",
    expected: [{ name: "a@b.c", address: "d@e.f" }],
  },
  {
    name: "two addresses at once",
    text: "<a@b.c> <d@e.f>",
    expected: [{ address: "a@b.c" }, { address: "d@e.f" }],
    defect: true,
  },
  {
    name: "two mailboxes without a comma: each keeps its own name",
    text: "Bob <bob@a.example> Eve <eve@b.example>, x@y.z",
    expected: [
      { name: "Bob", address: "bob@a.example" },
      { name: "Eve", address: "eve@b.example" },
      { address: "x@y.z" },
    ],
    defect: true,
  },
  {
    name: "addresses without commas and brackets",
    text: "a@b.c d@e.f, Bob <bob@e.f> carl@g.h",
    expected: [
      { address: "a@b.c" },
      { address: "d@e.f" },
      { name: "Bob", address: "bob@e.f" },
      { address: "carl@g.h" },
    ],
    defect: true,
  },
  {
    name: "text after an address",
    text: "Bob <bob@a.example> via list, x@y.z",
    expected: [{ name: "Bob", address: "bob@a.example" }, { address: "x@y.z" }],
    defect: true,
  },
  {
    name: "a name alone",
    text: "undisclosed recipients",
    expected: [{ name: "undisclosed recipients", address: "" }],
    defect: true,
  },
  {
    name: "a group without its end",
    text: "G: a@b.c",
    expected: [{ group: "G", members: [{ address: "a@b.c" }] }],
    defect: true,
  },
];

for (const { name, text, expected, defect = false } of CASES) {
  Deno.test(`parseAddresses() reads ${name}`, () => {
    const { addresses, defects } = parseAddresses(text);
    assertEquals(addresses, expected);
    assertEquals(defects.length > 0, defect, defects.join());
    if (defect) assertThrows(() => parseAddresses(text, { strict: true }), ProtocolError);
  });
}

Deno.test("parseMailbox() takes one address only", () => {
  assertEquals(parseMailbox("Ann <a@b.c>"), { name: "Ann", address: "a@b.c" });
  for (const bad of ["", "a@b.c, d@e.f", "g: a@b.c;", "a@b@c.d", "a@", "@b.c", "a@b c"]) {
    assertThrows(() => parseMailbox(bad), ProtocolError);
  }
});

Deno.test("formatAddresses() refuses what would be read as something else", () => {
  for (
    const address of [
      "a@b.c>, <x@y.z",
      "a@b.c, x@y.z",
      "a@b.c\r\nBcc: x@y.z",
      "a b@c.d",
      "g:a@b.c;",
      "a@b.c (x)",
    ]
  ) {
    assertThrows(() => formatAddresses([{ address }]), InjectionError);
  }
  assertThrows(() => formatAddresses([{ name: "a\nBcc: x", address: "a@b.c" }]), InjectionError);
});

Deno.test("formatAddresses() writes domains that every server takes", () => {
  const address = "b@bücher.example";
  assertEquals(formatAddresses([{ address }]), ["b@xn--bcher-kva.example"]);
  assertEquals(formatAddresses([{ address }], { utf8: true }), [address]);
  assertThrows(() => formatAddresses([{ address: "bü@b.example" }]), InjectionError, "SMTPUTF8");
});

const name = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'"\\()<>,;:@. =?_'),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 80,
})
  .map((text) => text.replace(/[\r\n\0]/g, "").trim().toWellFormed()).filter((text) =>
    text.trim() !== ""
  );
const local = fc.string({ unit: fc.constantFrom(...'ab.@ "\\<>,ü+'), minLength: 1, maxLength: 20 });
const mailboxes = fc.record({ name: fc.option(name, { nil: undefined }), local }).map(
  ({ name, local }) => {
    const address = /^[ab+ü]+(\.[ab+ü]+)*$/.test(local)
      ? local
      : `"${local.replace(/["\\]/g, "\\$&")}"`;
    return name === undefined
      ? { address: `${address}@example.org` }
      : { name, address: `${address}@example.org` };
  },
);
const list: fc.Arbitrary<MailAddress[]> = fc.array(
  fc.oneof(mailboxes, fc.record({ group: name, members: fc.array(mailboxes, { maxLength: 3 }) })),
  { maxLength: 5 },
);

Deno.test("formatAddresses() writes what parseAddresses() reads", () => {
  fc.assert(fc.property(list, fc.boolean(), (addresses, mayUtf8) => {
    const utf8 = mayUtf8 || mailboxesOf(addresses).some(({ address }) => address.includes("ü"));
    const text = formatAddresses(addresses, { utf8 }).join(" ");
    const read = parseAddresses(text);
    assertEquals(JSON.stringify(read), JSON.stringify({ addresses, defects: [] }), text);
  }));
});

Deno.test("parseAddresses() takes anything, in time proportional to its length", () => {
  const parts = fc.constantFrom(...'"\\()<>,;:@.[] =?a', "=?utf-8?q?", "?=", "\r\n ");
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 40 }), (list) => {
      parseAddresses(list.join(""));
    }),
    { numRuns: 3_000 },
  );
  for (const text of ["(", '"', "<", "a@", "=?a?q?", ":", "g:", "\\", "a ", "<@a,", "(("]) {
    const start = performance.now();
    parseAddresses(text.repeat(200_000 / text.length));
    assertEquals(performance.now() - start < 3_000, true, text);
  }
});
