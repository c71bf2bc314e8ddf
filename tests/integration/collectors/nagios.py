#!/usr/bin/python3
"""Results of real monitoring plugins: as lines, by a real send_nsca with each of its methods, posted, and of
plugins that the daemon runs itself."""

import os
import shlex
import time
import unittest

import collectors
import sandbox
from collectors import wait_until

STATES = ["ok", "warning", "critical", "unknown"]
# A plugin, its arguments, its exit code, and the labels of what it measures.
PLUGINS = [("check_dummy", ("0", "all is well"), 0, []), ("check_dummy", ("1", "nearly empty"), 1, []),
           ("check_dummy", ("2", "the till; is empty"), 2, []), ("check_dummy", ("3",), 3, []),
           ("check_load", ("-w", "1000,1000,1000", "-c", "2000,2000,2000"), 0, ["load1", "load5", "load15"]),
           ("check_procs", ("-w", "1:100000", "-c", "1:200000"), 0, ["procs"]),
           ("check_procs", ("-w", "0:0", "-c", "1:200000"), 1, ["procs"])]


def results():
    """(service, exit code, output, labels) of each plugin as it is now."""
    return [(f"{plugin} {number}", status, collectors.run(plugin, *arguments, status=status).rstrip("\n"), labels)
            for number, (plugin, arguments, status, labels) in enumerate(PLUGINS)]


def records(found):
    """How many records results are: themselves and what they measured."""
    return sum(1 + len(labels) for _, _, _, labels in found)


def assert_known(test, box, host, found, ttl):
    """The index says of a host what its plugins said, and nothing else."""
    events = {event["service"]: event for event in box.query(f'host = "{host}"')}
    for service, status, output, labels in found:
        text, _, measured = output.partition("|")
        event = events.pop(service)
        test.assertEqual((event["state"], event["description"], event["ttl"]), (STATES[status], text.rstrip(), ttl))
        test.assertEqual(event["attributes"]["exit_code"], str(status))
        test.assertEqual([item.split("=")[0] for item in measured.split()], labels)
        for item in measured.split():
            label, _, value = item.partition("=")
            number, warn, crit = value.split(";")[:3]
            event = events.pop(f"{service}/{label}")
            test.assertEqual(event["metric"], float(number))
            test.assertEqual((event["attributes"].get("warn", ""), event["attributes"].get("crit", "")), (warn, crit))
    test.assertEqual(events, {})


class Lines(unittest.TestCase):
    def test_lines_over_tcp_unix_tls_and_http(self):
        with collectors.Folder() as files:
            made = collectors.Certificates(files)
            with sandbox.Sandbox({"listen": {"nagios": [
                    {"name": "n", "tcp": "127.0.0.1:0", "unix_stream": "./nagios.sock", "tls": "127.0.0.1:0",
                     "certificate": made.server, "key": made.server_key}]}}) as box:
                for way, name, command in (
                        ("tcp", "n.tcp", ("nc", "-N", "127.0.0.1", str(box.port("n.tcp")))),
                        ("unix", "n.unix_stream", ("nc", "-N", "-U", box.path("nagios.sock"))),
                        ("tls", "n.tls", ("openssl", "s_client", "-quiet", "-no_ign_eof", "-verify_return_error",
                                          "-CAfile", made.ca, "-connect", f"localhost:{box.port('n.tls')}")),
                        ("http", "http.nagios", ("curl", "-sS", "-f", "--data-binary", "@-",
                                                 f"http://127.0.0.1:{box.daemon.http_port}/ingest/nagios"))):
                    with self.subTest(way=way):
                        found = results()
                        now = int(time.time())
                        lines = [f"[{now}] PROCESS_SERVICE_CHECK_RESULT;{way};{service};{status};{output}\n"
                                 for service, status, output, _ in found]
                        lines.append(f"[{now}] PROCESS_HOST_CHECK_RESULT;host-of-{way};1;no answer\n")
                        lines.append(f"[{now}] SHUTDOWN_PROGRAM\n")
                        lines.append(f"[{now}] PROCESS_SERVICE_CHECK_RESULT;{way};no code\n")
                        collectors.run(*command, text="".join(lines))
                        counts = collectors.wait_until_received(self, box, name, records(found) + 3)
                        self.assertEqual((counts.received, counts.processed), (records(found) + 3, records(found) + 1))
                        self.assertEqual(counts.causes, {"unsupported": 1, "value": 1})
                        assert_known(self, box, way, found, ttl=600)
                        [event] = box.query(f'host = "host-of-{way}"')
                        self.assertEqual((event["service"], event["state"], event["description"], event["time"]),
                                         ("host", "critical", "no answer", now))


class Nsca(unittest.TestCase):
    METHODS = (0, 1, 3, 14)  # none, XOR, 3DES, AES-256

    def listener(self, folder, method):
        return {"listen": {"nagios": [{"name": "n", "nsca": "127.0.0.1:0", "nsca_method": method, "interval": "1m",
                                       "nsca_password_file": folder.write("password", "right one\n")}]}}

    def send(self, folder, box, method, password, found):
        settings = folder.write("send_nsca.cfg", f"encryption_method={method}\n" +
                                (f"password={password}\n" if method != 0 else ""))
        return collectors.run("send_nsca", "-H", "127.0.0.1", "-p", str(box.port("n.nsca")), "-c", settings, text="".join(
            f"sender-{method}\t{service}\t{status}\t{output}\n\x17" for service, status, output, _ in found))

    def test_results_arrive_with_each_method(self):
        for method in self.METHODS:
            with self.subTest(method=method), collectors.Folder() as folder, \
                    sandbox.Sandbox(self.listener(folder, method)) as box:
                found = results()
                said = self.send(folder, box, method, "right one", found)
                self.assertIn(f"{len(found)} data packet(s) sent to host successfully", said)
                counts = collectors.wait_until_received(self, box, "n.nsca", records(found))
                self.assertEqual((counts.received, counts.processed), (records(found), records(found)))
                assert_known(self, box, f"sender-{method}", found, ttl=120)

    def test_a_wrong_password_is_refused(self):
        for method in self.METHODS[1:]:
            with self.subTest(method=method), collectors.Folder() as folder, \
                    sandbox.Sandbox(self.listener(folder, method)) as box:
                self.send(folder, box, method, "wrong one", results()[:1])
                counts = collectors.wait_until_received(self, box, "n.nsca", 1)
                self.assertEqual((counts.received, counts.causes), (1, {"unauthorized": 1}))
                self.assertEqual(box.query(f'host = "sender-{method}"'), [])


class LocalChecks(unittest.TestCase):
    def test_plugins_run_again_and_again_and_never_longer_than_they_may(self):
        with collectors.Folder() as folder:
            def check(name, *command, **more):
                return {"name": name, "host": "local", "command": list(command), "interval": "1s", **more}

            number_file = folder.path("number")
            run = [check("dummy", collectors.find_program("check_dummy"), "2", "the till; is empty"),
                   check("load", collectors.find_program("check_load"), "-w", "1000,1000,1000", "-c", "2000,2000,2000"),
                   check("counting", "/bin/sh", "-c", f"echo x >>{shlex.quote(number_file)}; "
                                                      f"echo ran; grep -c x {shlex.quote(number_file)}"),
                   check("hanging", "/bin/sh", "-c", f"echo $$ >{shlex.quote(folder.path('pid'))}; sleep 3456",
                         interval="2s", timeout="500ms"),
                   check("missing", "/nowhere/check_nothing"), check("failing", "/bin/sh", "-c", "echo odd; exit 77")]
            with sandbox.Sandbox({"checks": {"run": run}}) as box:
                services = {"dummy", "load", "load/load1", "load/load5", "load/load15", "counting", "hanging", "missing",
                            "failing"}
                wait_until(lambda: {event["service"] for event in box.query('host = "local"')} >= services,
                           collectors.PATIENCE_S, "a result of each check")
                events = {event["service"]: event for event in box.query('host = "local"')}
                self.assertEqual(set(events), services)
                self.assertEqual((events["dummy"]["state"], events["dummy"]["description"], events["dummy"]["ttl"]),
                                 ("critical", "CRITICAL: the till; is empty", 2))
                self.assertEqual(events["load"]["state"], "ok")
                with open("/proc/loadavg", encoding="ascii") as file:
                    self.assertAlmostEqual(events["load/load15"]["metric"], float(file.read().split()[2]), delta=1)
                for name, reason in (("hanging", r"timed out after 0\.5 s"), ("missing", "check_nothing|No such file"), ("failing", "77")):
                    self.assertEqual(events[name]["state"], "unknown", events[name])
                    self.assertRegex(events[name]["description"], reason)
                self.assertEqual(events["failing"]["attributes"]["long_output"], "odd")
                self.assertEqual(events["hanging"]["ttl"], 4)

                def ran():
                    [event] = box.query('service = "counting"')
                    return int(event["attributes"]["long_output"])

                before, begin = ran(), time.monotonic()
                wait_until(lambda: ran() >= before + 3, collectors.PATIENCE_S, "three more runs")
                self.assertGreater(time.monotonic() - begin, 1.9)
                counts = collectors.Input(self, box, "checks")
                self.assertEqual((counts.rejected, counts.dropped), (0, 0))
                self.assertEqual(box.daemon.process.stop(20), 0)
            # What hung was killed, with the programs that it had started.
            with open(folder.path("pid"), encoding="ascii") as file:
                group = int(file.read())
            wait_until(lambda: group not in process_groups(), 5, "no process of the group")


def process_groups():
    """Of all processes that run."""
    groups = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
                groups.add(int(file.read().rsplit(")", 1)[1].split()[2]))
        except OSError:
            pass  # it ended meanwhile
    return groups


if __name__ == "__main__":
    collectors.main({"check_dummy": "monitoring-plugins-basic", "send_nsca": "nsca-client", "nc": "netcat-openbsd",
                     "openssl": "openssl", "curl": "curl"})
