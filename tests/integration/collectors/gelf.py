#!/usr/bin/python3
"""graypy, a real GELF client: plain, compressed and in chunks over UDP, over TCP, TLS and HTTP; and the
chunks of clients that have other habits."""

import gzip
import json
import logging
import random
import socket
import ssl
import time
import unittest
import zlib

import collectors
import graypy
import sandbox
from collectors import wait_until

LEVELS = [(logging.DEBUG, 7, "ok"), (logging.INFO, 6, "ok"), (logging.WARNING, 4, "warning"),
          (logging.ERROR, 3, "critical"), (logging.CRITICAL, 2, "critical")]
LONG = "äöü and more " * 2000  # 32000 bytes: more than a datagram of chunks of 1420 bytes


class TlsHandler(graypy.GELFTCPHandler):
    """graypy's own asks Python for what newer versions do not offer."""

    def __init__(self, ca, port):
        super().__init__("localhost", port, localname="tls")
        self.ca = ca

    def makeSocket(self, timeout=5):
        plain = socket.create_connection((self.host, self.port), timeout)
        return ssl.create_default_context(cafile=self.ca).wrap_socket(plain, server_hostname=self.host)


def listener(**more):
    return {"listen": {"gelf": [{"name": "g", "udp": "127.0.0.1:0", "tcp": "127.0.0.1:0", **more}]}}


class Graypy(unittest.TestCase):
    def logs(self, box, name, handler, long=LONG):
        """One message of each level, a long one and one with an exception arrive with all that they say."""
        host = handler.localname
        logger = logging.Logger(host)
        logger.addHandler(handler)
        begin = time.time()
        for level, _, _ in LEVELS:
            logger.name = f"till.{level}"
            logger.log(level, "12 größer %s", "apples", extra={"order": 42, "who": 'a "b" c'})
        logger.name = "till.long"
        logger.info("long", extra={"basket": long})
        logger.name = "till.exception"
        try:
            raise ValueError("no such apple")
        except ValueError:
            logger.exception("failed")
        handler.close()
        counts = collectors.wait_until_received(self, box, name, len(LEVELS) + 2)
        self.assertEqual((counts.received, counts.processed), (len(LEVELS) + 2, len(LEVELS) + 2), counts.causes)
        events = {event["service"]: event for event in box.query(f'host = "{host}"')}
        for level, number, state in LEVELS:
            event = events.pop(f"till.{level}")
            attributes = event["attributes"]
            self.assertEqual((event["state"], event["description"]), (state, "12 größer apples"))
            self.assertEqual((attributes["level"], attributes["order"], attributes["who"], attributes["ingest"]),
                             (str(number), "42", 'a "b" c', "gelf"))
            self.assertTrue(begin - 0.001 <= event["time"] <= time.time(), event["time"])
        self.assertEqual(events.pop("till.long")["attributes"]["basket"], long)
        failed = events.pop("till.exception")
        self.assertEqual(failed["description"], "failed")
        self.assertTrue(failed["attributes"]["full_message"].startswith("Traceback"))
        self.assertIn("no such apple", failed["attributes"]["full_message"])
        self.assertEqual(events, {})
        return counts

    def test_datagrams_plain_compressed_and_in_chunks(self):
        mixed = "".join(random.Random(1).choices("abcdefghij", k=30000))  # no compression makes it fit
        for compress, long, chunks in ((True, LONG, False), (True, mixed, True), (False, mixed, True)):
            with self.subTest(compress=compress, chunks=chunks), sandbox.Sandbox(listener()) as box:
                counts = self.logs(box, "g.udp", graypy.GELFUDPHandler(
                    "127.0.0.1", box.port("g.udp"), compress=compress, localname="udp"), long)
                self.assertEqual(counts.datagrams > counts.received, chunks)

    def test_tcp(self):
        with sandbox.Sandbox(listener()) as box:
            self.logs(box, "g.tcp", graypy.GELFTCPHandler("127.0.0.1", box.port("g.tcp"), localname="tcp"))

    def test_tls(self):
        with collectors.Folder() as files:
            made = collectors.Certificates(files)
            with sandbox.Sandbox(listener(tls="127.0.0.1:0", certificate=made.server, key=made.server_key)) as box:
                self.logs(box, "g.tls", TlsHandler(made.ca, box.port("g.tls")))

    def test_http(self):
        for compress, path in ((True, "/gelf"), (False, "/ingest/gelf")):
            with self.subTest(compress=compress), sandbox.Sandbox() as box:
                self.logs(box, "http.gelf", graypy.GELFHTTPHandler(
                    "127.0.0.1", box.daemon.http_port, path=path, compress=compress, localname="http"))

    def test_http_answers_what_became_of_a_message(self):
        with sandbox.Sandbox() as box:
            url = f"http://127.0.0.1:{box.daemon.http_port}/ingest/gelf"
            for encoding, body, status in (("gzip", gzip.compress(message("good")), "202"),
                                           ("identity", message("good"), "202"), ("br", message("good"), "415"),
                                           ("deflate", zlib.compress(b"no object"), "400")):
                with self.subTest(encoding=encoding), collectors.Folder() as folder:
                    with open(folder.path("body"), "wb") as file:
                        file.write(body)
                    self.assertEqual(collectors.run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-H",
                                                    f"Content-Encoding: {encoding}", "--data-binary",
                                                    f"@{folder.path('body')}", url), status)
            counts = collectors.wait_until_received(self, box, "http.gelf", 3)
            self.assertEqual((counts.processed, counts.causes), (2, {"syntax": 1}))


def message(name, text="x", **more):
    return json.dumps({"version": "1.1", "host": "socket", "_facility": name, "short_message": text, **more}).encode()


def chunks_of(content, size, key):
    parts = [content[at:at + size] for at in range(0, len(content), size)]
    return [b"\x1e\x0f" + key.ljust(8, b"\0") + bytes((number, len(parts))) + part for number, part in enumerate(parts)]


class OtherClients(unittest.TestCase):
    def test_chunks_come_in_any_order_from_any_port_and_twice(self):
        for threads in (1, 2):
            with self.subTest(ingest_threads=threads), \
                    sandbox.Sandbox({**listener(), "pipeline": {"ingest_threads": threads}}) as box:
                generator = random.Random(7)
                contents = {"plain": message("plain", LONG), "zlib": zlib.compress(message("zlib", LONG), 0),
                            "gzip": gzip.compress(message("gzip", LONG), 0)}
                datagrams = [chunk for name, content in contents.items()
                             for chunk in chunks_of(content, 1000, name.encode())]
                datagrams += generator.sample(datagrams, 5)
                generator.shuffle(datagrams)
                for datagram in datagrams:  # a socket each, as several clients do
                    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                        sender.sendto(datagram, ("127.0.0.1", box.port("g.udp")))
                counts = collectors.wait_until_received(self, box, "g.udp", len(contents))
                self.assertEqual((counts.received, counts.processed), (len(contents), len(contents)))
                events = box.query('host = "socket"')
                self.assertEqual({event["service"] for event in events}, set(contents))
                self.assertEqual({event["description"] for event in events}, {LONG})

    def test_what_is_wrong_is_refused_with_its_cause(self):
        with sandbox.Sandbox(listener(max_record="64KiB")) as box, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect(("127.0.0.1", box.port("g.udp")))
            sender.send(chunks_of(message("half", LONG), 1000, b"half")[0])
            begin = time.monotonic()
            for bad in (b"{no object", b'{"host":"x"}', zlib.compress(b"x" * (1 << 20)), b"\x1e\x0fshort",
                        zlib.compress(message("cut"))[:-6]):
                sender.send(bad)
                sender.send(message("good"))
            counts = collectors.wait_until_received(self, box, "g.udp", 10)
            self.assertEqual(counts.processed, 5)
            self.assertEqual(counts.causes, {"syntax": 1, "value": 1, "oversized": 1, "truncated": 2})
            # A message whose chunks do not come is given up without any further datagram.
            wait_until(lambda: box.metrics().sum("tocsin_records_rejected_total", input="g.udp",
                                                 cause="truncated") == 3, 10, "the half message to be given up")
            self.assertGreater(time.monotonic() - begin, 4.5)
            with box.tcp("g.tcp") as stream:
                stream.sendall(message("first") + b"\0" + b"{bad\0" + b'{"short_message":"' + b"x" * 70000 + b'"}\0' +
                               message("last"))
            counts = collectors.wait_until_received(self, box, "g.tcp", 4)
            self.assertEqual((counts.processed, counts.causes), (2, {"syntax": 1, "oversized": 1}))


if __name__ == "__main__":
    collectors.main({"openssl": "openssl", "curl": "curl"})
