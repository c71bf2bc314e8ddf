"""A carbon-cache or carbon-relay of a test's own: a folder with its settings and whisper files, ports of
loopback that nobody else uses. Debian's graphite-carbon; its service and its files are not touched."""

import os
import shutil
import socket
import tempfile

import sandbox  # knows where processes is
import whisper
from processes import Process, free_port

SETTINGS = """\
[{section}]
USER =
STORAGE_DIR = {folder}
CONF_DIR = {folder}
LOG_DIR = {folder}
PID_DIR = {folder}
LOCAL_DATA_DIR = {folder}/whisper
ENABLE_LOGROTATION = False
MAX_CREATES_PER_MINUTE = inf
MAX_UPDATES_PER_SECOND = inf
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = {line_port}
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_PORT = {pickle_port}
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = {query_port}
CARBON_METRIC_INTERVAL = 0
ENABLE_TAGS = False
{more}
"""
SCHEMAS = "[all]\npattern = .*\nretentions = 1s:1h\n"


class Carbon:
    def __init__(self, section, more=""):
        self.section = section
        self.more = more
        self.line_port, self.pickle_port, self.query_port = free_port(), free_port(), free_port()
        self.folder = None
        self.process = None

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="tocsin-carbon-")
        try:
            self.write("carbon.conf", SETTINGS.format(**vars(self)))
            self.write("storage-schemas.conf", SCHEMAS)
            self.start()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def __exit__(self, kind, error, trace):
        try:
            self.process.stop()
        finally:
            shutil.rmtree(self.folder)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def start(self):
        """Also after stop(): the same ports and files."""
        self.process = Process(
            [f"/usr/bin/carbon-{self.section}", "--nodaemon", "--config",
             os.path.join(self.folder, "carbon.conf"), "start"], self.folder, "carbon")
        sandbox.wait_until(self.answers, 30, f"carbon-{self.section} to listen")

    def stop(self):
        self.process.stop()

    def answers(self):
        if not self.process.running():
            raise AssertionError(f"carbon-{self.section} ended:\n{self.process.log()}")
        try:
            for port in (self.line_port, self.pickle_port):
                socket.create_connection(("127.0.0.1", port), 5).close()
            return True
        except OSError:
            return False

    def points(self, metric):
        """What is on disk of a metric without tags: {time: value}."""
        path = os.path.join(self.folder, "whisper", *metric.split(".")) + ".wsp"
        if not os.path.exists(path):
            return {}
        try:
            (begin, end, step), values = whisper.fetch(path, 0)
        except (whisper.WhisperException, OSError):
            return {}  # about to be made
        return {time: value for time, value in zip(range(begin, end, step), values) if value is not None}

    def metrics(self, below):
        """The metrics on disk whose names begin with `below` and a dot."""
        top = os.path.join(self.folder, "whisper", *below.split("."))
        return {below + "." + os.path.relpath(os.path.join(folder, name), top)[:-len(".wsp")].replace("/", ".")
                for folder, _, names in os.walk(top) for name in names if name.endswith(".wsp")}


def cache():
    return Carbon("cache")


def relay(destinations):
    """A relay that shares metrics among `destinations` ("host:port:instance") by consistent hashing."""
    return Carbon("relay", "RELAY_METHOD = consistent-hashing\nREPLICATION_FACTOR = 1\n"
                  "DESTINATIONS = " + ", ".join(destinations))
