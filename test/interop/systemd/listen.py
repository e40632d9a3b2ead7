# Listens where systemd would (sd_notify(3)): a Unix datagram socket, which Node does not have. Prints one line of JSON a message:
# {"pid": of its sender, as the kernel says it, "assignments": […]}. usage: listen.py SOCKET
import array, json, os, socket, struct, sys

listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
listener.bind(sys.argv[1])
print(json.dumps({"pid": 0, "assignments": ["listening"]}), flush=True)
while True:
    message, ancillary, _, _ = listener.recvmsg(65536, 4096)
    pid = 0
    for _, kind, data in ancillary:
        if kind == socket.SCM_CREDENTIALS:
            pid = struct.unpack("3i", data)[0]
        if kind == socket.SCM_RIGHTS:
            # Closing it is the answer that the sender waits for (BARRIER=1).
            for descriptor in array.array("i", data):
                os.close(descriptor)
    print(json.dumps({"pid": pid, "assignments": message.decode().split("\n")}), flush=True)
