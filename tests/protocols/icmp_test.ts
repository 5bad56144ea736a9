import { assertEquals } from "@std/assert";
import { describeIcmpError } from "../../src/protocols/icmp/errors.ts";
import { encodeEchoRequest, sequenceOfRequest } from "../../src/protocols/icmp/codec.ts";

Deno.test("describeIcmpError() has the words of the RFCs and the marks of traceroute", () => {
  const rows: [version: 4 | 6, type: number, code: number, text: string, mark: string][] = [
    [4, 3, 0, "network unreachable", "!N"],
    [4, 3, 1, "host unreachable", "!H"],
    [4, 3, 4, "packet too big", "!F"],
    [4, 3, 13, "administratively prohibited", "!X"],
    [4, 3, 99, "unreachable, code 99", "!<99>"],
    [4, 11, 0, "hop limit exceeded", ""],
    [4, 11, 1, "fragments did not come in time", "!R"],
    [6, 1, 3, "address unreachable", "!H"],
    [6, 1, 1, "administratively prohibited", "!X"],
    [6, 2, 0, "packet too big", "!F"],
    [6, 3, 0, "hop limit exceeded", ""],
    [6, 9, 9, "ICMP type 9, code 9", "!<9/9>"],
  ];
  for (const [version, type, code, text, mark] of rows) {
    assertEquals(describeIcmpError(version, type, code), { text, mark });
  }
});

Deno.test("sequenceOfRequest() reads the quoted part of an error, however short", () => {
  for (const version of [4, 6] as const) {
    const data = new Uint8Array(20);
    const request = encodeEchoRequest(version, { identifier: 7, sequence: 65_535, data });
    const whole = { identifier: 7, sequence: 65_535 };
    assertEquals(sequenceOfRequest(version, request), whole);
    assertEquals(sequenceOfRequest(version, request.subarray(0, 8)), whole);
    assertEquals(sequenceOfRequest(version, request.subarray(0, 7)), undefined);
    assertEquals(sequenceOfRequest(version === 4 ? 6 : 4, request), undefined);
  }
});
