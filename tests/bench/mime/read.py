# Reads all messages of a folder by Python's email, and prints MB a second.
import email, email.policy, os, sys, time

folder = sys.argv[1]
messages = [open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)]


def read(message):
    root = email.message_from_bytes(message, policy=email.policy.default)
    size = len(root["from"].addresses) + len(root["to"].addresses) + len(root["subject"])
    root["date"].datetime
    for part in root.walk():
        if part.is_multipart():
            continue
        size += len(part.get_content())
    return size


read(messages[0])
start = time.perf_counter()
for message in messages:
    read(message)
print(sum(map(len, messages)) / 1e6 / (time.perf_counter() - start))
