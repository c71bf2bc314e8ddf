#!/usr/bin/python3
"""logger and a real rsyslogd: messages arrive over UDP, TCP, TLS, RELP and a unix socket with all that
their senders said; over RELP none is lost when the daemon is restarted."""

import re
import signal
import socket
import threading
import time
import unittest

import collectors
import sandbox
from collectors import wait_until

# name of a severity: what it is as a number, and as a state
SEVERITIES = {"emerg": (0, "critical"), "err": (3, "critical"), "warning": (4, "warning"), "notice": (5, "ok"),
              "debug": (7, "ok")}
LOCAL3 = 19

RSYSLOG = """\
global(workDirectory="{folder}" defaultNetstreamDriverCAFile="{ca}")
module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="{folder}/port")
{actions}
"""
FULL = 'template="RSYSLOG_SyslogProtocol23Format"'


class Rsyslog(collectors.Sender):
    """Takes messages on a port of its own and passes them on by `actions`."""

    def __init__(self, actions, ca="/dev/null"):
        super().__init__()
        self.folder.write("rsyslog.conf", RSYSLOG.format(folder=self.folder.name, ca=ca, actions=actions))

    def command(self):
        return ["rsyslogd", "-n", "-f", self.folder.path("rsyslog.conf"), "-i", self.folder.path("rsyslog.pid")]

    def ready(self):
        port = self.port()
        if port is None:
            return False
        try:
            with socket.create_connection(("127.0.0.1", port), collectors.PATIENCE_S):
                return True
        except ConnectionRefusedError:
            return False  # the file is there before the socket listens

    def port(self):
        try:
            with open(self.folder.path("port"), encoding="ascii") as file:
                return int(file.read())
        except (OSError, ValueError):
            return None  # not yet

    def send(self, messages):
        """Each in a counted frame, all of them over one connection."""
        with socket.create_connection(("127.0.0.1", self.port()), collectors.PATIENCE_S) as connection:
            for message in messages:
                connection.sendall(f"{len(message.encode())} {message}".encode())


def message(number):
    """One with everything a message may have."""
    return (f'<{LOCAL3 * 8 + number % 8}>1 2026-11-21T08:00:{number % 60:02}.123456+01:00 web-{number % 10} app-{number} '
            f'{4000 + number} REQ{number % 7} [shop@32473 order="{number}" who="a \\"b\\" c"] order {number} is größer')


def seconds_of(number):
    """Its time."""
    return 1795244400 + number % 60 + 0.123456


class Logger(unittest.TestCase):
    LISTENER = {"name": "logs", "udp": "127.0.0.1:0", "tcp": "127.0.0.1:0", "unix": "./log.sock",
                "unix_stream": "./stream.sock"}

    def test_its_messages_arrive_over_each_way(self):
        with sandbox.Sandbox({"listen": {"syslog": [self.LISTENER]}}) as box:
            def remote(name, *options):
                return ("-n", "127.0.0.1", "-P", str(box.port(name)), *options)

            for tag, name, options in (
                    ("udp-5424", "logs.udp", remote("logs.udp", "-d", "--rfc5424")),
                    ("udp-3164", "logs.udp", remote("logs.udp", "-d", "--rfc3164")),
                    ("tcp-counted-5424", "logs.tcp", remote("logs.tcp", "-T", "--octet-count", "--rfc5424")),
                    ("tcp-counted-3164", "logs.tcp", remote("logs.tcp", "-T", "--octet-count", "--rfc3164")),
                    ("tcp-lines-5424", "logs.tcp", remote("logs.tcp", "-T", "--rfc5424")),
                    ("unix", "logs.unix", ("-u", box.path("log.sock")))):
                with self.subTest(tag=tag):
                    full = tag.endswith("5424")
                    before = collectors.Input(self, box, name).received
                    begin = time.time()
                    for severity in SEVERITIES:
                        more = ("--msgid", "TILL", "--sd-id", "shop@32473", "--sd-param", 'order="42"',
                                "--sd-param", 'who="a \\"b\\" c"') if full else ()
                        collectors.run("logger", *options, "--id=77", "-t", f"{tag}-{severity}", "-p",
                                       f"local3.{severity}", *more, "12 größer apples")
                    counts = collectors.wait_until_received(self, box, name, before + len(SEVERITIES))
                    self.assertEqual((counts.received, counts.processed),
                                     (before + len(SEVERITIES), before + len(SEVERITIES)))
                    for severity, (number, state) in SEVERITIES.items():
                        [event] = box.query(f'service = "{tag}-{severity}"')
                        attributes = event["attributes"]
                        self.assertEqual(event["description"], "12 größer apples")
                        self.assertEqual(event["host"], socket.gethostname().split(".")[0])
                        self.assertEqual(event["state"], state)
                        self.assertEqual((attributes["facility"], attributes["severity"]), (str(LOCAL3), str(number)))
                        self.assertEqual(attributes["procid"], "77")
                        self.assertTrue(begin - 1 <= event["time"] <= time.time(), event["time"])
                        self.assertNotIn("malformed", attributes)
                        if full:
                            self.assertEqual((attributes["msgid"], attributes["sd.shop@32473.order"],
                                              attributes["sd.shop@32473.who"]), ("TILL", "42", 'a "b" c'))

    def test_a_file_over_one_connection_is_a_message_a_line(self):
        with sandbox.Sandbox({"listen": {"syslog": [self.LISTENER]}}) as box, collectors.Folder() as folder:
            path = folder.write("lines", "".join(f"line {number}\n" for number in range(5000)))
            collectors.run("logger", "-n", "127.0.0.1", "-P", str(box.port("logs.tcp")), "-T", "--octet-count",
                           "-t", "lines", "-f", path)
            counts = collectors.wait_until_received(self, box, "logs.tcp", 5000)
            self.assertEqual((counts.received, counts.processed), (5000, 5000))
            [event] = box.query('service = "lines"')
            self.assertEqual(event["description"], "line 4999")


class Forwarding(unittest.TestCase):
    COUNT = 1000

    def setUp(self):
        files = collectors.Folder()
        self.addCleanup(files.cleanup)
        self.made = collectors.Certificates(files)
        self.settings = {"listen": {"syslog": [
            {"name": "logs", "udp": "127.0.0.1:0", "tcp": "127.0.0.1:0", "tls": "127.0.0.1:0", "relp": "127.0.0.1:0",
             "certificate": self.made.server, "key": self.made.server_key}]}}

    def forwards(self, way, action):
        """Every message is in the index, with all that it said, when it was passed on by an action."""
        with sandbox.Sandbox(self.settings) as box, \
                Rsyslog(action.replace("PORT", str(box.port(f"logs.{way}"))), self.made.ca) as rsyslog:
            rsyslog.send(map(message, range(self.COUNT)))
            counts = collectors.wait_until_received(self, box, f"logs.{way}", self.COUNT)
            self.assertEqual((counts.received, counts.processed), (self.COUNT, self.COUNT), counts.causes)
            events = {event["service"]: event for event in box.query('service =~ "app-%"', "--limit", "2000")}
            self.assertEqual(set(events), {f"app-{number}" for number in range(self.COUNT)})
            for number in range(self.COUNT):
                event = events[f"app-{number}"]
                attributes = event["attributes"]
                self.assertEqual(event["host"], f"web-{number % 10}")
                self.assertAlmostEqual(event["time"], seconds_of(number), places=6)
                self.assertEqual(event["description"], f"order {number} is größer")
                self.assertEqual((attributes["procid"], attributes["msgid"], attributes["severity"]),
                                 (str(4000 + number), f"REQ{number % 7}", str(number % 8)))
                self.assertEqual((attributes["sd.shop@32473.order"], attributes["sd.shop@32473.who"]),
                                 (str(number), 'a "b" c'))
                self.assertNotIn("malformed", attributes)

    def test_over_udp(self):
        self.forwards("udp", f'action(type="omfwd" target="127.0.0.1" port="PORT" protocol="udp" {FULL})')

    def test_over_tcp_with_counted_frames(self):
        self.forwards("tcp", f'action(type="omfwd" target="127.0.0.1" port="PORT" protocol="tcp" '
                             f'TCP_Framing="octet-counted" {FULL})')

    def test_over_tcp_compressed(self):
        self.forwards("tcp", f'action(type="omfwd" target="127.0.0.1" port="PORT" protocol="tcp" '
                             f'TCP_Framing="octet-counted" compression.mode="stream:always" {FULL})')

    def test_over_tls(self):
        self.forwards("tls", f'action(type="omfwd" target="localhost" port="PORT" protocol="tcp" '
                             f'TCP_Framing="octet-counted" StreamDriver="ossl" StreamDriverMode="1" '
                             f'StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="localhost" {FULL})')

    def test_over_relp(self):
        self.forwards("relp", f'module(load="omrelp") action(type="omrelp" target="127.0.0.1" port="PORT" {FULL})')


class RelpProxy:
    """Stands between a RELP sender and the daemon, wherever that listens at the moment, and remembers
    which messages the daemon acknowledged. Nothing is changed on the way."""

    def __init__(self):
        self.target = None  # a port; None: nobody answers
        self.confirmed = set()  # texts of messages
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self.listener.close()

    def accept(self):
        try:
            while True:
                sender = self.listener.accept()[0]
                threading.Thread(target=self.serve, args=(sender,), daemon=True).start()
        except OSError:
            pass  # closed

    def serve(self, sender):
        sent = {}  # number -> text
        with sender:
            try:
                with socket.create_connection(("127.0.0.1", self.target), 5) as daemon:
                    daemon.settimeout(None)
                    answers = threading.Thread(target=self.pump, args=(daemon, sender, sent, False), daemon=True)
                    answers.start()
                    self.pump(sender, daemon, sent, True)
                    answers.join()
            except (OSError, TypeError):
                pass  # nobody listens

    def pump(self, source, sink, sent, from_sender):
        """Frames are "NUMBER COMMAND LENGTH[ DATA]LF"."""
        stream = source.makefile("rb")
        try:
            while head := re.fullmatch(rb"(\d+) (\w+) (\d+)([ \n])", self.read_head(stream)):
                length = int(head[3])
                text = stream.read(length + 1) if head[4] == b" " else b""
                if from_sender:
                    sent[head[1]] = text
                elif text.startswith(b"200") and head[1] in sent:
                    self.confirmed.add(sent[head[1]])
                sink.sendall(head[0] + text)
        except OSError:
            pass  # one side is gone
        finally:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # already

    @staticmethod
    def read_head(stream):
        head = b""
        while (byte := stream.read(1)) and byte != b"\n":
            head += byte
            if head.count(b" ") == 3:
                return head
        return head + byte


class Restart(unittest.TestCase):
    COUNT = 3000

    def test_relp_loses_nothing_when_the_daemon_is_restarted(self):
        settings = {"listen": {"syslog": [{"name": "logs", "relp": "127.0.0.1:0"}]}}
        with RelpProxy() as proxy, sandbox.Sandbox(settings) as box:
            proxy.target = box.port("logs.relp")
            action = (f'module(load="omrelp") action(type="omrelp" target="127.0.0.1" port="{proxy.port}" '
                      f'action.resumeRetryCount="-1" action.resumeInterval="1" queue.type="linkedList" '
                      f'queue.dequeueBatchSize="50" {FULL})')
            with Rsyslog(action) as rsyslog:
                slowly = (message(number) for number in range(self.COUNT) if number % 10 or not time.sleep(0.005))
                sender = threading.Thread(target=rsyslog.send, args=(slowly,))
                sender.start()
                wait_until(lambda: len(proxy.confirmed) > self.COUNT / 5, collectors.PATIENCE_S, "messages to flow")
                box.daemon.process.child.send_signal(signal.SIGTERM)
                self.assertEqual(box.daemon.process.child.wait(20), 0, box.daemon.process.log())
                self.assertIn("nothing is left behind", box.daemon.process.log())
                proxy.target = None
                first = services(proxy.confirmed)
                self.assertLess(len(first), self.COUNT)
                box.start()
                proxy.target = box.port("logs.relp")
                sender.join()

                def all_there():
                    second.update(event["service"] for event in box.query('service =~ "app-%"', "--limit", "5000"))
                    return len(first | second) >= self.COUNT

                second = set()
                wait_until(all_there, collectors.PATIENCE_S, "every message")
                self.assertEqual(first | second, {f"app-{number}" for number in range(self.COUNT)})
                # What was acknowledged is not sent again, but for a batch whose acknowledgements were on the way.
                self.assertLess(len(first & second), 300)
                counts = collectors.Input(self, box, "logs.relp")
                self.assertEqual((counts.rejected, counts.dropped), (0, 0))


def services(messages):
    return {re.search(rb" (app-\d+) ", text)[1].decode() for text in messages if b" app-" in text}


if __name__ == "__main__":
    collectors.main({"logger": "bsdutils", "rsyslogd": "rsyslog", "openssl": "openssl"})
