/** The plainest echo server of Deno: accept, read, write. */

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(`listening on 127.0.0.1:${listener.addr.port}`);
// The load resets its connections at the end.
for await (const connection of listener) echo(connection).catch(() => connection.close());

async function echo(connection: Deno.TcpConn): Promise<void> {
  connection.setNoDelay(true);
  const buffer = new Uint8Array(32_768);
  for (let count = await connection.read(buffer); count !== null;) {
    for (let done = 0; done < count;) {
      done += await connection.write(buffer.subarray(done, count));
    }
    count = await connection.read(buffer);
  }
  connection.close();
}
