"""Drives profanity in a pseudo terminal, where a person's keys are typed: orders come as lines of JSON, and so do
reports (process-client.ts). A plugin inside profanity tells what it received; what it logs tells the rest.
"""
import ctypes
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios

PLUGIN = """
import json
import prof

reports = open(%r, "w", buffering=1)


def report(**fields):
    reports.write(json.dumps(fields) + "\\n")


def prof_on_connect(account_name, fulljid):
    report(type="online")


def prof_on_disconnect(account_name, fulljid):
    report(type="offline", condition="disconnected")


def prof_post_chat_message_display(barejid, resource, message):
    report(type="received", **{"from": f"{barejid}/{resource}", "body": message})
"""

# As soon as it goes, for minutes are short here; everything else is as it comes.
SETTINGS = """[plugins]
load=report.py
[connection]
reconnect=1
autoping=2
autoping.timeout=3
[ui]
splash=false
"""

ACCOUNT = """[matrix]
enabled=true
jid=%(jid)s
resource=profanity
password=%(password)s
server=%(server)s
port=%(port)s
tls.policy=disable
"""

SIGN_IN_AGAIN_S = 1
ENTER = "\r"
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)

folder = tempfile.mkdtemp(prefix="holdfast-profanity-")
reports_file = os.path.join(folder, "reports")
log_file = os.path.join(folder, "profanity.log")
terminal = None
log = None
# In the stream it had before (XEP-0198).
is_resumed = False
# Whether it ever was online: only then does it sign in again by itself.
was_online = False


def report(**fields):
    print(json.dumps(fields), flush=True)


def write(name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def start(order):
    global terminal
    server, port = order["host"].rsplit(":", 1)
    write("data/profanity/plugins/report.py", PLUGIN % reports_file)
    write("config/profanity/profrc", SETTINGS)
    write("data/profanity/accounts", ACCOUNT % {**order, "server": server, "port": port})
    child, terminal = pty.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
        places = {"HOME": folder, "XDG_DATA_HOME": f"{folder}/data", "XDG_CONFIG_HOME": f"{folder}/config"}
        environment = {**os.environ, **places, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        os.execvpe("profanity", ["profanity", "-l", "DEBUG", "-f", log_file, "-a", "matrix"], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))


def type_line(text):
    keys = (text + ENTER).encode()
    while keys:
        keys = keys[os.write(terminal, keys):]


def read_log():
    """The lines since the last time."""
    global log
    if log is None:
        if not os.path.exists(log_file):
            return []
        log = open(log_file)
    return log.readlines()


def look_at_log():
    global is_resumed
    for line in read_log():
        if "Session resumed successfully" in line:
            is_resumed = True
        if not re.search(r"Login failed|Connection attempt .* failed|Lost connection", line):
            continue
        # The time, who says it and how bad it is come first.
        report(type="offline", condition=line.strip().split(": ", 3)[-1])
        if not was_online and "Login failed" in line:
            signal.alarm(SIGN_IN_AGAIN_S)


def take_report(line):
    global is_resumed, was_online
    told = json.loads(line)
    look_at_log()
    if told["type"] == "online":
        report(type="online", isSame=is_resumed)
        is_resumed, was_online = False, True
    else:
        report(**told)


def take_order(line):
    order = json.loads(line)
    if order["type"] == "connect":
        start(order)
    else:
        type_line(f"/msg {order['to']} {order['body']}")


class Lines:
    """Whole lines out of what a descriptor brings."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.rest = b""

    def read(self):
        """Undefined at the end."""
        brought = os.read(self.descriptor, 65536)
        if not brought:
            return None
        *lines, self.rest = (self.rest + brought).split(b"\n")
        return [line.decode() for line in lines]


def run():
    os.mkfifo(reports_file)
    # Open for writing too, so that it never ends.
    sources = {
        os.open(reports_file, os.O_RDWR): take_report,
        sys.stdin.fileno(): take_order,
    }
    readers = {descriptor: Lines(descriptor) for descriptor in sources}
    while True:
        screen = [] if terminal is None else [terminal]
        ready, _, _ = select.select([*sources, *screen], [], [], 0.1)
        if terminal in ready:
            # Nobody looks at it, and what is not read would stop it.
            os.read(terminal, 65536)
        for descriptor, take in sources.items():
            if descriptor not in ready:
                continue
            lines = readers[descriptor].read()
            if lines is None:
                return
            for line in lines:
                take(line)
        look_at_log()


def end(*_):
    sys.exit()


signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGALRM, lambda *_: type_line("/connect matrix"))
try:
    run()
finally:
    shutil.rmtree(folder, ignore_errors=True)
