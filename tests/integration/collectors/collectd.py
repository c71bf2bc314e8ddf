#!/usr/bin/python3
"""A real collectd: what it measures arrives with the names, rates and times that it has itself, plain,
signed and encrypted; what has the wrong password, or does not meet the level, is refused and counted."""

import csv
import glob
import os
import socket
import time
import unittest

import collectors
import sandbox
from collectors import wait_until

TYPES_DB = "/usr/share/collectd/types.db"
INTERVAL_S = 1
SETTINGS = """\
Hostname "collectd.test"
FQDNLookup false
BaseDir "{folder}"
PluginDir "/usr/lib/collectd"
TypesDB "{types_db}"
Interval {interval}
WriteThreads 1
LoadPlugin logfile
<Plugin logfile>
  File stdout
</Plugin>
LoadPlugin unixsock
<Plugin unixsock>
  SocketFile "{folder}/command.sock"
</Plugin>
{plugins}
"""
NETWORK = """\
LoadPlugin network
<Plugin network>
  <Server "{address}" "{port}">
{server}
  </Server>
</Plugin>
"""
MEASURES = """\
LoadPlugin cpu
LoadPlugin load
LoadPlugin memory
LoadPlugin csv
<Plugin csv>
  DataDir "csv"
  StoreRates true
</Plugin>
"""


def network(port, server="", address="127.0.0.1"):
    """The plugin that sends datagrams; `server`: what stands in its Server block."""
    return NETWORK.format(address=address, port=port, server=server)


class Collectd(collectors.Sender):
    """`plugins`: their settings. Measures nothing by itself unless told so."""

    def __init__(self, plugins):
        super().__init__()
        self.folder.write("collectd.conf", SETTINGS.format(
            folder=self.folder.name, types_db=TYPES_DB, interval=INTERVAL_S, plugins=plugins))

    def command(self):
        return ["collectd", "-f", "-C", self.folder.path("collectd.conf")]

    def ready(self):
        try:
            self.connect().close()
            return True
        except OSError:
            return False  # not yet

    def connect(self):
        """To its unixsock plugin."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(collectors.PATIENCE_S)
        try:
            connection.connect(self.folder.path("command.sock"))
        except OSError:
            connection.close()
            raise
        return connection

    def tell(self, *commands):
        """Commands to its unixsock plugin, each of which has to succeed. Values are not yet sent then: a
        thread takes them up, and the writer sends when its buffer is full or flushed."""
        with self.connect() as connection:
            for command in commands:
                answer = ask(connection, command)
                if not answer.startswith("0 "):
                    raise AssertionError(f"{command}: {answer}")

    def flush(self):
        self.tell("FLUSH")

    def measured(self):
        """What its csv plugin wrote, rates as collectd computes them:
        {(service, source): {time: value}}, sources by their name."""
        rows = {}
        for path in glob.glob(self.folder.path("csv/collectd.test/*/*")):
            service = os.path.relpath(path, self.folder.path("csv/collectd.test"))[:-len("-2000-01-01")]
            with open(path, encoding="ascii") as file:
                lines = list(csv.reader(file))
            for line in lines[1:]:
                for source, value in zip(lines[0][1:], line[1:]):
                    rows.setdefault((service, source), {})[float(line[0])] = float(value)
        return rows


def ask(connection, command):
    """The answer to a command, a line."""
    connection.sendall(command.encode() + b"\n")
    answer = b""
    while not answer.endswith(b"\n") and (chunk := connection.recv(4096)):
        answer += chunk
    return answer.decode()


def listener(**more):
    return {"listen": {"collectd": [{"name": "c", "udp": "127.0.0.1:0", "types_db": [TYPES_DB], **more}]}}


def signing(password, level="Sign", user="fleet"):
    return f'SecurityLevel {level}\nUsername "{user}"\nPassword "{password}"'


def value_of(now, number):
    return f"PUTVAL collectd.test/shop/gauge-{number} interval=60 {now}:{number}"


class Measured(unittest.TestCase):
    def test_values_have_collectds_names_rates_and_times(self):
        with sandbox.Sandbox(listener()) as box, Collectd(network(box.port("c.udp")) + MEASURES) as collectd:
            seen = {}  # (service, time) -> event

            def enough():
                for event in box.query('host = "collectd.test"'):
                    seen[event["service"], round(event["time"], 3)] = event
                return len({time for service, time in seen if service == "load/load/shortterm"}) >= 4

            wait_until(enough, collectors.PATIENCE_S, "four readings of the load")
            collectd.stop()  # and with it all that is in its buffers is written and sent
            counts = collectors.Input(self, box, "c.udp")
            self.assertGreater(counts.processed, 0)
            self.assertEqual((counts.rejected, counts.dropped), (0, 0), counts.causes)
            inside = box.metrics()
            self.assertGreater(inside.sum("tocsin_collectd_readings", input="c.udp"), 10)
            self.assertGreater(inside.sum("tocsin_collectd_remembered_lists", input="c.udp"), 10)
            self.assertGreater(inside.sum("tocsin_limit", name="max_readings", listener="c"), 1000)
            rows = collectd.measured()
            self.assertEqual({source for service, source in rows if service == "load/load"},
                             {"shortterm", "midterm", "longterm"})
            compared = {"load": 0, "memory": 0, "cpu": 0}
            for (service, source), values in rows.items():
                name = service if source == "value" else f"{service}/{source}"
                for at, value in values.items():
                    event = seen.get((name, at))
                    if event is None or "metric" not in event:
                        continue  # not looked at in that second; or the first reading, which has no rate
                    compared[service.split("/")[0].split("-")[0]] += 1
                    self.assertAlmostEqual(event["metric"], value, delta=1e-6, msg=name)  # "%lf"
                    self.assertEqual(event["ttl"], 2 * INTERVAL_S)
                    self.assertEqual(event["tags"], ["collectd"])
                    self.assertEqual(event["attributes"]["ds_name"], source)
                    self.assertEqual(event["attributes"]["ds_type"],
                                     "derive:rate" if service.startswith("cpu") else "gauge")
            for plugin, number in compared.items():
                self.assertGreater(number, 3, plugin)

    def test_counters_wrap_derives_do_not_and_notifications_are_states(self):
        with sandbox.Sandbox(listener()) as box, Collectd(network(box.port("c.udp"))) as collectd:
            now = int(time.time())
            for at, wrapping, falling, absolute, receive, send in (
                    (now - 10, 2 ** 32 - 100, 500, 70, 1000, 2 ** 40), (now, 100, 400, 120, 3000, 2 ** 40 + 50)):
                collectd.tell(f"PUTVAL collectd.test/shop/counter-wrapping interval=10 {at}:{wrapping}",
                              f"PUTVAL collectd.test/shop/derive-falling interval=10 {at}:{falling}",
                              f"PUTVAL collectd.test/shop/absolute-taken interval=10 {at}:{absolute}",
                              f"PUTVAL collectd.test/interface-eth0/if_octets interval=10 {at}:{receive}:{send}")
            collectd.tell(f'PUTNOTIF severity=failure time={now} host=collectd.test plugin=shop type=gauge '
                          f'message="the till is empty"')
            counts = collectors.wait_until_received(self, box, "c.udp", 11, collectd.flush)
            self.assertEqual((counts.received, counts.processed), (11, 11))
            events = {event["service"]: event for event in box.query('host = "collectd.test"')}
            self.assertEqual(events["shop/counter-wrapping"]["metric"], 20)
            self.assertEqual(events["shop/counter-wrapping"]["attributes"]["ds_type"], "counter:rate")
            self.assertEqual(events["shop/counter-wrapping"]["ttl"], 20)
            # types.db bounds derives by 0: a fall has no rate, and never a huge one.
            self.assertNotIn("metric", events["shop/derive-falling"])
            self.assertEqual(events["shop/derive-falling"]["attributes"]["raw_value"], "400")
            self.assertEqual(events["shop/absolute-taken"]["metric"], 12)
            self.assertEqual(events["interface-eth0/if_octets/rx"]["metric"], 200)
            self.assertEqual(events["interface-eth0/if_octets/tx"]["metric"], 5)
            notification = events["shop/gauge"]
            self.assertEqual((notification["state"], notification["description"], notification["time"]),
                             ("critical", "the till is empty", now))


class Security(unittest.TestCase):
    def setUp(self):
        self.files = collectors.Folder()
        self.addCleanup(self.files.cleanup)
        self.auth_file = self.files.write("users", "fleet: right one\nother: another\n")

    def sandbox(self, security):
        return sandbox.Sandbox(listener(security=security, auth_file=self.auth_file))

    def taken(self, security, level):
        """The attributes of ten values that have to be taken."""
        with self.sandbox(security) as box, \
                Collectd(network(box.port("c.udp"), signing("right one", level))) as collectd:
            now = int(time.time())
            collectd.tell(*(value_of(now, number) for number in range(10)))
            counts = collectors.wait_until_received(self, box, "c.udp", 10, collectd.flush)
            self.assertEqual((counts.received, counts.processed), (10, 10), counts.causes)
            events = box.query('host = "collectd.test"')
            self.assertEqual({event["service"]: event["metric"] for event in events},
                             {f"shop/gauge-{number}": number for number in range(10)})
            return [event["attributes"] for event in events]

    def refused(self, security, server, at_least=1):
        """What became of ten values that have to be refused, in so many records."""
        with self.sandbox(security) as box, Collectd(network(box.port("c.udp"), server)) as collectd:
            now = int(time.time())
            collectd.tell(*(value_of(now, number) for number in range(10)))
            counts = collectors.wait_until_received(self, box, "c.udp", at_least, collectd.flush)
            self.assertEqual(counts.processed, 0)
            self.assertEqual(counts.causes, {"unauthorized": counts.received})
            self.assertEqual(box.query('host = "collectd.test"'), [])
            remark = collectors.wait_for_events(box, 'service = "tocsin.reject" and tagged "unauthorized"')
            self.assertEqual(remark[0]["state"], "warning")
            return counts

    def test_signed_values_are_taken_at_each_level_below(self):
        for security in ("none", "sign"):
            with self.subTest(security=security):
                for attributes in self.taken(security, "Sign"):
                    self.assertEqual(attributes["auth_user"], "fleet")

    def test_encrypted_values_are_taken_at_every_level(self):
        for security in ("sign", "encrypt"):
            with self.subTest(security=security):
                for attributes in self.taken(security, "Encrypt"):
                    self.assertEqual(attributes["auth_user"], "fleet")

    def test_a_wrong_password_is_refused_as_a_whole(self):
        for security, level in (("none", "Sign"), ("sign", "Sign"), ("none", "Encrypt"), ("encrypt", "Encrypt")):
            with self.subTest(security=security, level=level):
                counts = self.refused(security, signing("wrong one", level))
                self.assertEqual(counts.received, counts.datagrams)

    def test_an_unknown_user_is_refused(self):
        self.refused("sign", signing("right one", user="nobody"))

    def test_what_does_not_meet_the_level_is_refused_value_by_value(self):
        for security, server in (("encrypt", ""), ("encrypt", signing("right one")), ("sign", "")):
            with self.subTest(security=security, server=server):
                self.assertEqual(self.refused(security, server, 10).received, 10)

    def test_a_changed_auth_file_is_in_force_within_two_seconds(self):
        with self.sandbox("sign") as box, Collectd(network(box.port("c.udp"), signing("new one"))) as collectd:
            collectd.tell(value_of(int(time.time()), 1))
            before = collectors.wait_until_received(self, box, "c.udp", 1, collectd.flush)
            self.assertEqual(before.causes, {"unauthorized": 1})
            self.files.write("users", "fleet: new one\n")
            changed = time.monotonic()
            sent = 1
            while collectors.Input(self, box, "c.udp").processed == 0:
                self.assertLess(time.monotonic() - changed, 2)
                sent += 1
                collectd.tell(value_of(int(time.time()), sent))
                collectors.wait_until_received(self, box, "c.udp", sent, collectd.flush)
            # A file that cannot be read leaves the users as they are.
            self.files.write("users", "nobody without a password\n")
            wait_until(lambda: "the old users stay in force" in box.daemon.process.log(), 5, "a complaint")
            self.assertRegex(box.daemon.process.log(), r"users:1:\d+: ")
            before = collectors.Input(self, box, "c.udp")
            collectd.tell(value_of(int(time.time()), sent + 1))
            after = collectors.wait_until_received(self, box, "c.udp", sent + 1, collectd.flush)
            self.assertEqual(after.processed, before.processed + 1)


class Multicast(unittest.TestCase):
    def test_a_group_on_loopback_is_joined(self):
        group = "239.192.74.66"
        with sandbox.Sandbox(listener(udp=f"{group}:0", interface="lo")) as box, \
                Collectd(network(box.port("c.udp"), 'Interface "lo"', group)) as collectd:
            collectd.tell(value_of(int(time.time()), 7))
            counts = collectors.wait_until_received(self, box, "c.udp", 1, collectd.flush)
            self.assertEqual((counts.received, counts.processed), (1, 1))
            [event] = box.query('host = "collectd.test"')
            self.assertEqual((event["service"], event["metric"]), ("shop/gauge-7", 7))


class OtherWriters(unittest.TestCase):
    """collectd's other plugins that send. Not write_riemann: that of Debian 12 does not survive its own stop."""

    def sends(self, settings, plugin, name, node, port):
        """What a counter's two readings and a gauge became, and what was counted."""
        with sandbox.Sandbox({"listen": settings}) as box:
            node = node.replace("PORT", str(port(box)))
            with Collectd(f'LoadPlugin {plugin}\n<Plugin {plugin}>\n<Node "tocsin">\n{node}\n</Node>\n</Plugin>\n') \
                    as collectd:
                now = int(time.time())
                collectd.tell(f"PUTVAL collectd.test/till-1/counter-sold interval=10 {now - 10}:100",
                              f"PUTVAL collectd.test/till-1/counter-sold interval=10 {now}:150",
                              f"PUTVAL collectd.test/till-1/gauge-left interval=10 {now}:0.25")
                counts = collectors.wait_until_received(self, box, name, 3, collectd.flush)
                events = {event["service"]: event for event in box.query('host =~ "collectd%"')}
                self.assertEqual({event["time"] for event in events.values()}, {now})
                return events, counts

    def test_write_graphite(self):
        events, counts = self.sends(
            {"graphite": [{"name": "g", "tcp": "127.0.0.1:0", "templates": ["host.service*"]}]}, "write_graphite",
            "g.tcp", 'Host "127.0.0.1"\nPort "PORT"\nProtocol "tcp"\nStoreRates true', lambda box: box.port("g.tcp"))
        self.assertEqual({name: (event["host"], event["metric"]) for name, event in events.items()},
                         {"till-1.counter-sold": ("collectd_test", 5), "till-1.gauge-left": ("collectd_test", 0.25)})
        # The first reading has no rate: collectd writes "nan".
        self.assertEqual((counts.processed, counts.causes), (2, {"value": 1}))

    def test_write_http(self):
        events, counts = self.sends({}, "write_http", "http.collectd",
                                    'URL "http://127.0.0.1:PORT/ingest/collectd"\nFormat "JSON"',
                                    lambda box: box.daemon.http_port)
        self.assertEqual({name: (event["host"], event["metric"], event["ttl"]) for name, event in events.items()},
                         {"till-1/counter-sold": ("collectd.test", 5, 20), "till-1/gauge-left": ("collectd.test", 0.25, 20)})
        self.assertEqual((counts.processed, counts.causes), (3, {}))


class TextProtocol(unittest.TestCase):
    def test_each_command_is_answered_as_collectd_answers_it(self):
        with sandbox.Sandbox(listener(tcp="127.0.0.1:0", unix_stream="./collectd.sock")) as box, \
                Collectd("") as collectd:
            now = int(time.time())
            for name in ("c.unix_stream", "c.tcp"):
                host = name.replace("_", "-")
                good = [f"PUTVAL {host}/load/load interval=5 {now}:1:2:3",
                        f'PUTVAL "{host}/two words/gauge-x" interval=5 {now}:0.25',
                        f"PUTVAL {host}/till/gauge interval=5 {now - 5}:1 {now}:2",
                        f'PUTNOTIF severity=warning time={now} host={host} plugin=till type=memory message="nearly empty"']
                bad = [f"PUTVAL {host}/load/load interval=5 {now + 5}:1:2:3:4", f"PUTVAL {host}", f"PUTNOTIF time={now}",
                       f"PUTVAL {host}/till/nothing {now}:1", "NOTHING"]
                connect = {"c.unix_stream": lambda: box.unix(socket.SOCK_STREAM, "c.unix_stream"),
                           "c.tcp": lambda: box.tcp("c.tcp")}[name]
                with self.subTest(name=name), connect() as tocsin, collectd.connect() as original:
                    for command in good + bad:
                        answer, expected = (ask(connection, command) for connection in (tocsin, original))
                        if command in good:
                            self.assertEqual(answer, expected, command)
                        else:
                            self.assertEqual((answer.split()[0], expected.split()[0]), ("-1", "-1"), command)
                    self.assertEqual(ask(tocsin, f"GETVAL {host}/load/load").split()[0], "-1")
                    counts = collectors.wait_until_received(self, box, name, 6 + len(bad) + 1)
                    self.assertEqual((counts.processed, counts.rejected), (7, len(bad) + 1), counts.causes)
                    events = {event["service"]: event for event in box.query(f'host = "{host}"')}
                    self.assertEqual(events["load/load/longterm"]["metric"], 3)
                    self.assertEqual(events["load/load/longterm"]["ttl"], 10)
                    self.assertEqual(events["two words/gauge-x"]["metric"], 0.25)
                    self.assertEqual(events["till/gauge"]["metric"], 2)
                    self.assertEqual((events["till/memory"]["state"], events["till/memory"]["description"]),
                                     ("warning", "nearly empty"))


if __name__ == "__main__":
    collectors.main({"collectd": "collectd-core"})
