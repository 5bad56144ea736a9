/**
 * A row of the tour.
 *
 * @module
 */

import type { NetAddress } from "../../../../net/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { parseSyslog, SyslogFramer, type SyslogMessage } from "../../../../protocols/syslog/mod.ts";

/** The row of 14.1. */
export const row: TourRow = {
  id: "14.1",
  program: "log MESSAGE",
  checked: "messages over UDP and TCP, with structured data; each field comes as it was sent",
  async run(tour) {
    const came = Promise.withResolvers<readonly SyslogMessage[]>();
    const collector = await tour.serveStream(async (connection) => {
      const framer = new SyslogFramer();
      const messages: SyslogMessage[] = [];
      const buffer = new Uint8Array(1000);
      for (let count; (count = await connection.read(buffer)) !== null;) {
        const found = framer.push(buffer.subarray(0, count));
        messages.push(...found.map(({ bytes }) => parseSyslog(bytes)));
      }
      came.resolve(messages);
    });
    const words = [
      "log",
      "--to",
      `tcp://${collector}`,
      "--host",
      "a.example",
      "-p",
      "mail.err",
      "-t",
      "backup",
    ];
    const sent = await tour.command([...words, "--data", "job@32473 id=7"], "one\ntwo\n");
    expect(sent.status === 0, sent.stderr);
    const [first, second] = await came.promise;
    expect(first?.text === "one" && second?.text === "two", "the lines did not come in order");
    expect(first?.facility === 2 && first.severity === 3, "the priority is not mail.err");
    const [element] = first?.structuredData ?? [];
    expect(element?.parameters.join() === "id,7", "the structured data did not come");
    const socket = tour.network.listenDatagram({
      transport: "udp",
      hostname: "127.0.0.1",
      port: 0,
    });
    try {
      const { port } = socket.addr as NetAddress;
      const receiving = socket.receive();
      await tour.command([
        "log",
        "--to",
        `udp://127.0.0.1:${port}`,
        "--form",
        "rfc3164",
        "--host",
        "a",
        "hello",
      ]);
      const { form, appName, text } = parseSyslog((await receiving)[0]);
      expect(`${form} ${appName} ${text}` === "rfc3164 netwright hello", "the datagram is another");
    } finally {
      socket.close();
    }
  },
};
