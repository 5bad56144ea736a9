/** Messages with odd habits, read by us, by Python's email and by Perl's MIME::Parser: the same, or a reason. */

import { assertEquals } from "@std/assert";
import { mailboxesOf, parseMessage } from "../../src/mime/mod.ts";
import { join, latin1 } from "../support/bytes.ts";
import { needs, needsPerl } from "./peers/needs.ts";
import { run } from "./peers/program.ts";

const ignore = !await needs("python3") || !await needsPerl("MIME::Parser");

const PYTHON = `
import sys, json, email, email.header, email.utils
with open(sys.argv[1], 'rb') as file: message = email.message_from_bytes(file.read())
leaves = []
def walk(part, path):
    if part.is_multipart():
        for at, child in enumerate(part.get_payload(), 1): walk(child, path + '.' + str(at))
    else: leaves.append([path, part.get_filename(), (part.get_payload(decode=True) or b'').decode('latin-1').strip()])
walk(message, '1')
subject = message['subject']
words = str(email.header.make_header(email.header.decode_header(subject))) if subject is not None else None
senders = [list(pair) for pair in email.utils.getaddresses([str(message['from'] or '')])]
print(json.dumps({'subject': words, 'from': [pair for pair in senders if pair[1]], 'leaves': leaves}))
`;

const PERL = `
use strict; use MIME::Parser; use JSON::PP;
my $parser = MIME::Parser->new; $parser->output_to_core(1); $parser->tmp_to_core(1);
my @leaves; my $walk;
$walk = sub { my ($part, $path) = @_;
  if ($part->parts || !$part->bodyhandle) { my $at = 1; $walk->($_, "$path." . $at++) for $part->parts }
  else { my $data = $part->bodyhandle->as_string; $data =~ s/\\A\\s+|\\s+\\z//g;
    push @leaves, [$path, $part->head->recommended_filename, $data] } };
$walk->($parser->parse_open($ARGV[0]), '1');
print JSON::PP->new->ascii->encode({ leaves => \\@leaves });
`;

interface Read {
  readonly subject?: string | null;
  readonly from?: readonly (readonly [name: string, address: string])[];
  readonly leaves: readonly (readonly [path: string, fileName: string | null, text: string])[];
}

interface Sample {
  readonly message: string | Uint8Array;
  /** The correct result. */
  readonly expected: Partial<Read>;
  /** Why Python, or Perl, reads it otherwise. */
  readonly python?: string;
  readonly perl?: string;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const MULTIPART = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n";
const PART = "--y\r\nContent-Type: text/plain\r\n\r\npart\r\n--y--";

const SAMPLES: Readonly<Record<string, Sample>> = {
  "M2: two words of ISO-2022-JP (postal-mime#68)": {
    message:
      "Subject: =?iso-2022-jp?B?GyRCMnE1RBsoQg==?=\r\n =?iso-2022-jp?B?GyRCO3FOQRsoQg==?=\r\n\r\nx",
    expected: { subject: "会議資料" },
  },
  "M2: a body of ISO-2022-JP": {
    message:
      "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B2q5D\x1b(B\x1b$B;qNA\x1b(B",
    expected: { leaves: [["1", null, "\x1b$B2q5D\x1b(B\x1b$B;qNA\x1b(B"]] },
  },
  "M3: a byte order mark before the header": {
    message: join([
      Uint8Array.of(0xef, 0xbb, 0xbf),
      bytes("Subject: a\r\nFrom: b@c.d\r\n\r\ntext"),
    ]),
    expected: { subject: "a", from: [["", "b@c.d"]], leaves: [["1", null, "text"]] },
    python: "it takes the first field for text, and with it the whole header",
  },
  "M3: a parameter without indentation (MailScanner/v4#58)": {
    message:
      'Content-Type: application/zip;\r\nname="x.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=',
    expected: { leaves: [["1", "x.zip", "hi"]] },
    python: "it ends the header there: name and encoding are lost",
    perl: "it ends the header there: name and encoding are lost",
  },
  "M3: a first line that begins with a space": {
    message: " odd\r\nSubject: a\r\n\r\ntext",
    expected: { subject: "a", leaves: [["1", null, "text"]] },
  },
  "M4: two mailboxes without a comma": {
    message: "From: Bob <bob@a.example> Eve <eve@b.example>\r\n\r\nx",
    expected: { from: [["Bob", "bob@a.example"], ["Eve", "eve@b.example"]] },
  },
  "M5: NUL in the subject": {
    message: "Subject: a\0b\r\n\r\nx",
    expected: { subject: "a b" },
    python: "it keeps the NUL",
  },
  "M10: a boundary that is not there (aerc#73)": {
    message: `${MULTIPART}\r\n${PART}`,
    expected: { leaves: [["1", null, PART]] },
    perl: "a multipart without parts has no content to it",
  },
  "M10: a multipart in base64 as a whole": {
    message: `${MULTIPART}Content-Transfer-Encoding: base64\r\n\r\n${btoa(PART)}`,
    expected: { leaves: [["1", null, PART]] },
    perl: "a multipart without parts has no content to it",
  },
  "M10: a multipart that wrongly says base64": {
    message: `${MULTIPART}Content-Transfer-Encoding: base64\r\n\r\n${
      PART.replaceAll("--y", "--x")
    }`,
    expected: { leaves: [["1.1", null, "part"]] },
  },
  "M10: a message in base64": {
    message: "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
      btoa("Subject: in\r\n\r\ninner"),
    expected: { leaves: [["1.1", null, "inner"]] },
    python: "it does not decode it, as RFC 2046 forbids the encoding",
    perl: "it does not take a message apart that is encoded",
  },
  "M10: a message that wrongly says base64": {
    message: "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
      "Subject: in\r\n\r\ninner",
    expected: { leaves: [["1.1", null, "inner"]] },
  },
};

function ours(message: Uint8Array): Read {
  const root = parseMessage(message);
  const leaves = [...root.walk()].filter(({ parts }) => parts.length === 0);
  return {
    subject: root.header.text("subject") ?? null,
    from: mailboxesOf(root.header.addresses("from"))
      .map(({ name = "", address }) => [name, address] as const),
    leaves: leaves.map(({ path, header, content }) =>
      [path, header.fileName ?? null, latin1(content).trim()] as const
    ),
  };
}

/** Whether all that is wanted was read. */
function has(read: Read, expected: Partial<Read>, keys: readonly (keyof Read)[]): boolean {
  return keys.every((key) =>
    expected[key] === undefined || JSON.stringify(read[key]) === JSON.stringify(expected[key])
  );
}

Deno.test({
  name: "messages with odd habits beside Python and Perl",
  ignore,
  async fn(t) {
    const file = await Deno.makeTempFile();
    try {
      for (const [name, sample] of Object.entries(SAMPLES)) {
        await t.step(name, async () => {
          const message = typeof sample.message === "string"
            ? bytes(sample.message)
            : sample.message;
          await Deno.writeFile(file, message);
          const { expected } = sample;
          const read = ours(message);
          for (const key of Object.keys(expected) as (keyof Read)[]) {
            assertEquals(read[key], expected[key]);
          }
          const python = JSON.parse(await run("python3", ["-c", PYTHON, file]));
          const perl = JSON.parse(await run("perl", ["-e", PERL, file]));
          assertEquals(
            [has(python, expected, ["subject", "from", "leaves"]), has(perl, expected, ["leaves"])],
            [sample.python === undefined, sample.perl === undefined],
            JSON.stringify({ python, perl }),
          );
        });
      }
    } finally {
      await Deno.remove(file);
    }
  },
});
