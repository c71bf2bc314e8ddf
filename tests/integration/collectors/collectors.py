"""What the tests of this folder share: real programs that send, each in a folder of its own and stopped
by its pid; certificates; and what a daemon says of the inputs that they send to.

    with sandbox.Sandbox({"listen": {"syslog": [{"name": "logs", "udp": "127.0.0.1:0"}]}}) as box:
        collectors.run("logger", "--server", "127.0.0.1", ...)
        [event] = collectors.wait_for_events(box, 'service = "cron"')"""

import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "daemon"))
import sandbox  # knows where processes is
from processes import Process, wait_until

PATIENCE_S = 20


def main(packages):
    """Runs the tests of the calling file, as sandbox.main(). `packages`: {program that they start: its Debian
    package}. A program that is missing is a failure."""
    missing = [f"{name} (Debian package {package})" for name, package in packages.items() if not find_program(name)]
    if missing:
        sys.exit(f"not installed: {', '.join(missing)}; scripts/install-packages test installs it")
    sandbox.main()


def find_program(name):
    """Daemons stand in directories that only root's PATH names."""
    return shutil.which(name, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/lib/nagios/plugins")


def run(name, *arguments, text=None, status=0, cwd=None):
    """A program to its end, which has to be `status`; what it printed."""
    done = subprocess.run([find_program(name), *arguments], input=text, capture_output=True, text=True,
                          timeout=PATIENCE_S, cwd=cwd)
    if done.returncode != status:
        raise AssertionError(f"{name} {' '.join(arguments)} ended with {done.returncode}, expected {status}:\n"
                             f"{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class Folder(tempfile.TemporaryDirectory):
    """A folder for the files of a test."""

    def __init__(self):
        super().__init__(prefix="tocsin-test-")

    def __enter__(self):
        return self

    def path(self, name):
        return os.path.join(self.name, name)

    def write(self, name, text):
        """Replaces the file at once, as an editor does; returns its path."""
        with open(self.path(name + ".new"), "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(self.path(name + ".new"), self.path(name))
        return self.path(name)


class Sender:
    """A daemon that sends, in a folder of its own. Derived classes write its settings, say what its
    command is and when it is ready."""

    def __init__(self):
        self.folder = Folder()
        self.process = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.folder.cleanup()
            raise
        return self

    def __exit__(self, kind, error, trace):
        try:
            if kind is not None:
                print(f"{type(self).__name__} said:\n{self.process.log()[-3000:]}", file=sys.stderr)
            self.process.stop()
        finally:
            self.folder.cleanup()

    def start(self):
        """Also after stop()."""
        command = self.command()
        self.process = Process([find_program(command[0]), *command[1:]], self.folder.name, command[0])
        try:
            wait_until(self.looks_ready, PATIENCE_S, f"{command[0]} to be ready")
        except BaseException:
            self.process.stop()
            raise

    def stop(self):
        self.process.stop()

    def looks_ready(self):
        if not self.process.running():
            raise AssertionError(f"{self.command()[0]} ended:\n{self.process.log()}")
        return self.ready()


class Certificates:
    """A certificate authority of a test's own, `ca`, and what it signed: `server` for 127.0.0.1 and
    localhost, `client`; `server_key` and `client_key`. Paths in `folder`."""

    def __init__(self, folder):
        self.folder = folder
        self.ca = folder.path("ca.pem")
        self.openssl("req", "-x509", *self.new_key("ca"), "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA")
        self.server, self.server_key = self.signed("server", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        self.client, self.client_key = self.signed("client", "extendedKeyUsage=clientAuth")

    def openssl(self, *arguments):
        run("openssl", *arguments, cwd=self.folder.name)

    def new_key(self, name):
        return "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key"

    def signed(self, name, extension):
        self.openssl("req", *self.new_key(name), "-out", f"{name}.csr", "-subj", f"/CN={name}")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                     "-CAcreateserial", "-days", "2", "-out", f"{name}.pem",
                     "-extfile", self.folder.write(f"{name}.extension", extension + "\n"))
        return self.folder.path(f"{name}.pem"), self.folder.path(f"{name}.key")


def wait_for_events(box, predicate, count=1, seconds=PATIENCE_S):
    """The events that match, once there are so many series of them."""
    events = []

    def there():
        events[:] = box.query(predicate)
        return len(events) >= count

    wait_until(there, seconds, f"{count} series with {predicate}")
    return events


class Input:
    """What the daemon counted for one input, once nothing is in flight and every record is accounted for."""

    def __init__(self, test, box, name):
        found = []

        def settled():
            found[:] = [box.metrics()]
            return found[0].sum("tocsin_records_in_flight") == 0

        wait_until(settled, PATIENCE_S, "nothing in flight")
        sandbox.assert_conserved(test, found[0])
        metrics = found[0]
        self.received, self.processed, self.rejected, self.dropped = (
            metrics.sum(f"tocsin_records_{what}_total", input=name)
            for what in ("received", "processed", "rejected", "dropped"))
        self.datagrams = metrics.sum("tocsin_datagrams_received_total", input=name)
        self.causes = {labels["cause"]: value for metric, labels, value in metrics.samples
                       if metric == "tocsin_records_rejected_total" and labels["input"] == name and value}


def wait_until_received(test, box, name, count, flush=lambda: None, seconds=PATIENCE_S):
    """An Input that has received so many records; `flush` makes the sender send what it has."""
    def arrived():
        flush()
        return box.metrics().sum("tocsin_records_received_total", input=name) >= count

    try:
        wait_until(arrived, seconds, f"{count} records over {name}")
    except AssertionError as late:
        has = box.metrics().text_of("tocsin_records_received")
        raise AssertionError(f"{late}; have: {has}") from None
    return Input(test, box, name)
