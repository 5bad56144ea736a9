/** The sample messages of other libraries: read as Python's email and Perl's MIME::Parser read them. */

import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { parseMessage } from "../../src/mime/mod.ts";
import { latin1 } from "../support/bytes.ts";
import { mailSamples } from "./peers/mail_samples.ts";
import { needs, needsPerl } from "./peers/needs.ts";

const ignore = Deno.build.os !== "linux" || !(await needs("python3")) ||
  !(await needsPerl("MIME::Parser"));

const PYTHON = `
import sys, json, hashlib, email
out = {}
for name in sys.argv[1:]:
    leaves = []
    def walk(part, path):
        if part.is_multipart():
            for at, child in enumerate(part.get_payload(), 1): walk(child, path + '.' + str(at))
        else:
            data = part.get_payload(decode=True)
            leaves.append([path, part.get_content_type(), part.get_filename(), len(data), hashlib.sha256(data).hexdigest()])
    with open(name, 'rb') as file: walk(email.message_from_bytes(file.read()), '1')
    out[name] = leaves
print(json.dumps(out))
`;

const PERL = `
use strict; use MIME::Parser; use Digest::SHA 'sha256_hex'; use JSON::PP;
my %out;
for my $name (@ARGV) {
  my $parser = MIME::Parser->new; $parser->output_to_core(1); $parser->tmp_to_core(1);
  my @leaves; my $walk;
  $walk = sub { my ($part, $path) = @_;
    if ($part->parts || !$part->bodyhandle) { my $at = 1; $walk->($_, "$path." . $at++) for $part->parts }
    else { my $data = $part->bodyhandle->as_string;
      $data =~ s/\\r+\\n/\\n/g; $data =~ s/\\n+\\z//;
      push @leaves, [$path, $part->mime_type, $part->head->recommended_filename, length $data, sha256_hex($data)] } };
  $walk->($parser->parse_open($name), '1');
  $out{$name} = \\@leaves;
}
print JSON::PP->new->ascii->encode(\\%out);
`;

/** What Python reads in another way, and why. */
const PYTHON_DIFFERS = {
  "enmime/badboundary.raw": "it takes the last line break from a part without a boundary after it",
  "enmime/barren-content-type.raw": "it has an empty name where we have none",
  "enmime/mime-bad-8bit-filename.raw": "a name in UTF-8 without any encoding is not read",
  "enmime/mime-bad-content-transfer-encoding.raw":
    "base64 that ends amid a group it gives undecoded",
  "enmime/mime-bad-content-type.raw": "without a semicolon it has the name in the type",
  "enmime/mime-blank-media-name.raw": "without a semicolon it has the name in the type",
  "enmime/multimixed-no-closing-boundary.raw":
    "it takes the last line break from a part without a boundary after it",
  "gmime/message-partial.0.eml": "we keep message/partial unchanged",
  "gmime/message-partial.1.eml": "we keep message/partial unchanged",
  "gmime/message-partial.2.eml": "we keep message/partial unchanged",
  "kmime/outlook-attachment.mbox": "it leaves an encoded word in a file name",
  "kmime/x-pkcs7.mbox": "base64 that ends amid a group it gives undecoded",
  "python/msg_15.txt": "of two multiparts with one boundary it gives the parts to the outer",
  "python/msg_16.txt": "it takes message/delivery-status apart; to us it is text",
  "python/msg_36.txt": "it takes message/external-body apart; to us it is text",
  "python/msg_37.txt": "parts without anything it leaves out",
  "python/msg_39.txt": "of two multiparts with one boundary it gives the parts to the outer",
  "python/msg_43.txt": "it takes message/delivery-status apart; to us it is text",
};

/** What Perl reads in another way, and why. */
const PERL_DIFFERS = {
  "enmime/empty-ctype-bad-content.raw": "it takes `<html>` for a type",
  "enmime/epilogue-sample.raw": "it reads on after base64's padding, other text too",
  "enmime/erroneous.raw": "it leaves out text other than header fields",
  "enmime/mime-bad-8bit-filename.raw": "a name in UTF-8 without any encoding is not read",
  "enmime/qp-utf8-header-no-break.raw":
    "without an empty line after the header it loses the first part",
  "gmime/message-partial.0.eml": "we keep message/partial unchanged",
  "kmime/bug392239.mbox": "a line of white space amid the header ends the message to it",
  "python/msg_14.txt": "it takes `text` for a type",
  "python/msg_17.txt": "a multipart without a boundary has no content to it",
  "python/msg_19.txt": "it leaves out text other than header fields",
  "python/msg_31.txt": "a multipart without a boundary has no content to it",
  "python/msg_33.txt": "it reads no boundary as RFC 2231 has it; we do, with a defect",
  "python/msg_35.txt": "it leaves out text other than header fields",
  "python/msg_36.txt": "it takes message/external-body apart; to us it is text",
  "python/msg_38.txt": "it takes the boundary of another multipart for its own",
  "python/msg_42.txt": "a multipart without parts has no content to it",
};

/** Path, type, file name, size and hash of each part that carries bytes. */
type Leaves = readonly (readonly [string, string, string | null, number, string])[];

function ours(bytes: Uint8Array, change = (content: Uint8Array) => content): Leaves {
  const leaves = [...parseMessage(bytes).walk()].filter(({ parts }) => parts.length === 0);
  return leaves.map(({ path, type, header, content }) => {
    const data = change(content);
    const hash = createHash("sha256").update(data).digest("hex");
    return [path, type, header.fileName ?? null, data.length, hash];
  });
}

/** Perl's parser makes other line ends, and loses some at the end. */
function asPerl(content: Uint8Array): Uint8Array {
  const text = latin1(content).replace(/\r+\n/g, "\n").replace(/\n+$/, "");
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

async function theirs(
  folder: string,
  program: string,
  args: readonly string[],
): Promise<Record<string, Leaves>> {
  const { stdout, stderr, success } = await new Deno.Command(program, {
    args: [...args],
    cwd: folder,
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test({
  name:
    "the sample messages of five libraries: the same parts, names, sizes and hashes, or a reason",
  ignore,
  async fn() {
    await using samples = await mailSamples();
    if (samples === undefined) return;
    const { folder, files } = samples;
    const python = await theirs(folder, "python3", ["-c", PYTHON, ...files]);
    const perl = await theirs(folder, "perl", ["-e", PERL, ...files]);
    const differing = { python: [] as string[], perl: [] as string[] };
    for (const file of files) {
      const bytes = await Deno.readFile(`${folder}/${file}`);
      const isSame = (one: Leaves, other: Leaves | undefined) =>
        JSON.stringify(one) === JSON.stringify(other);
      if (!isSame(ours(bytes), python[file])) differing.python.push(file);
      if (!isSame(ours(bytes, asPerl), perl[file])) differing.perl.push(file);
    }
    assertEquals(differing, {
      python: Object.keys(PYTHON_DIFFERS),
      perl: Object.keys(PERL_DIFFERS),
    });
    assertEquals(files.length > 120, true, `${files.length} samples`);
  },
});
