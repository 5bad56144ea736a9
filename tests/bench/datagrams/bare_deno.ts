const s = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
console.log("listening on 127.0.0.1:" + (s.addr as Deno.NetAddr).port);
const buf = new Uint8Array(65536);
const f = () => {};
while (true) {
  const [m, a] = await s.receive(buf);
  s.send(m.slice(), a).catch(f);
}
