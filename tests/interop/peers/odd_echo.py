"""Answers ICMP echoes in odd ways: by sequence number twice, changed, cut, late, or not at all."""
import socket, struct, sys, threading

def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data[:len(data) // 2 * 2]))
    if len(data) % 2:
        total += data[-1] << 8
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff

listener = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
print("ready", flush=True)
while True:
    packet, (peer, _) = listener.recvfrom(65536)
    message = packet[(packet[0] & 15) * 4:]
    if message[0] != 8:
        continue
    identifier, sequence = struct.unpack("!HH", message[4:8])
    data = bytearray(message[8:])
    if sequence == 3:
        continue
    if sequence == 2:
        data[10] ^= 255
    if sequence == 4:
        del data[20:]
    head = struct.pack("!BBHHH", 0, 0, 0, identifier, sequence)
    whole = struct.pack("!BBHHH", 0, 0, checksum(head + data), identifier, sequence) + data
    answer = lambda whole=whole, peer=peer: listener.sendto(whole, (peer, 0))
    if sequence == 5:
        threading.Timer(0.5, answer).start()
    else:
        answer()
    if sequence == 1:
        answer()
