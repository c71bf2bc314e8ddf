#!/usr/bin/python3
"""Shows that each rule of layers.py can fail: one small good tree, and for each rule bad ones that
differ from it in one place and must give that rule's complaint and no other's."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import layers

CASE = 'TEST_CASE("it does what it says") {}\n'
COVERED = {"src/app/main.cpp": ("tests/integration/program.py", "it is the program")}

GOOD = {
    "include/CMakeLists.txt": "tocsin_library(NAME public HEADERS tocsin/event.hpp)",
    "include/tocsin/event.hpp": "#pragma once\n#include <string>\n",
    "src/base/CMakeLists.txt": "tocsin_library(NAME base SOURCES clock.cpp HEADERS clock.hpp limits.hpp DEPS public)",
    "src/base/clock.hpp": '#pragma once\n#include "tocsin/event.hpp"\n',
    "src/base/clock.cpp": '#include "src/base/clock.hpp"\n#include <time.h>\n',
    "src/base/limits.hpp": '#pragma once\n// for, if, why?\nconstexpr auto kHint = "if?";\n',
    "src/event/CMakeLists.txt":
        "tocsin_library(NAME event SOURCES codec.cpp other.cpp HEADERS codec.hpp DEPS base THIRD tocsin_msgpack)",
    "src/event/codec.hpp": '#pragma once\n#include "src/base/clock.hpp"\n',
    "src/event/codec.cpp": '#include "src/event/codec.hpp"\n#include <msgpack.hpp>\n',
    "src/event/other.cpp": '#include "src/event/codec.hpp"\n',
    "src/rules/CMakeLists.txt": "# the plan\ntocsin_library(NAME rules SOURCES plan.cpp HEADERS plan.hpp DEPS event)",
    "src/rules/plan.hpp": '#pragma once\n#include "src/event/codec.hpp"\n#include "src/base/clock.hpp"\n',
    "src/rules/plan.cpp": '#include "src/rules/plan.hpp"\n#include <absl/hash/hash.h>\n',
    "src/detect/CMakeLists.txt": "tocsin_library(NAME detect SOURCES vote.cpp HEADERS vote.hpp DEPS event)",
    "src/detect/vote.hpp": "#pragma once\n",
    "src/detect/vote.cpp": '#include "src/detect/vote.hpp"\n',
    "src/publish/CMakeLists.txt":
        "tocsin_library(NAME publish SOURCES records.cpp redis/link.cpp HEADERS store.hpp redis/link.hpp DEPS event)",
    "src/publish/store.hpp": "#pragma once\n",
    "src/publish/records.cpp": "#include <msgpack.hpp>\n",
    "src/publish/redis/link.hpp": "#pragma once\n#include <boost/asio/io_context.hpp>\n",
    "src/publish/redis/link.cpp": '#include "src/publish/redis/link.hpp"\n#include <hiredis/read.h>\n',
    "src/app/CMakeLists.txt":
        "tocsin_library(NAME app SOURCES engine.cpp main.cpp DEPS rules detect publish ingest_statsd)",
    "src/app/engine.cpp": '#include "src/rules/plan.hpp"\n#include "src/publish/store.hpp"\n'
                          '#include "ingest/statsd/decoder.hpp"\n#include <rapidjson/writer.h>\n',
    "ingest/statsd/CMakeLists.txt":
        "tocsin_library(NAME ingest_statsd SOURCES decoder.cpp HEADERS decoder.hpp DEPS base)",
    "ingest/statsd/decoder.hpp": '#pragma once\n#include "tocsin/event.hpp"\n#include "src/base/clock.hpp"\n',
    "ingest/statsd/decoder.cpp": '#include "ingest/statsd/decoder.hpp"\n',
    "src/app/main.cpp": "",
    "tests/unit/base/CMakeLists.txt": "tocsin_unit_test(NAME base SOURCES clock_test.cpp)",
    "tests/unit/base/clock_test.cpp": CASE,
    "tests/unit/event/CMakeLists.txt": "tocsin_unit_test(NAME event SOURCES codec_test.cpp other_test.cpp)",
    "tests/unit/event/codec_test.cpp": CASE,
    "tests/unit/event/other_test.cpp": CASE,
    "tests/unit/rules/CMakeLists.txt": "tocsin_unit_test(NAME rules SOURCES plan_test.cpp)",
    "tests/unit/rules/plan_test.cpp": CASE,
    "tests/unit/detect/CMakeLists.txt": "tocsin_unit_test(NAME detect SOURCES vote_test.cpp)",
    "tests/unit/detect/vote_test.cpp": CASE,
    "tests/unit/publish/CMakeLists.txt":
        "tocsin_unit_test(NAME publish SOURCES records_test.cpp redis/link_test.cpp)",
    "tests/unit/publish/records_test.cpp": CASE,
    "tests/unit/publish/redis/link_test.cpp": CASE,
    "tests/unit/app/CMakeLists.txt": "tocsin_unit_test(NAME app SOURCES engine_test.cpp)",
    "tests/unit/app/engine_test.cpp": CASE,
    "tests/unit/ingest/statsd/CMakeLists.txt": "tocsin_unit_test(NAME ingest_statsd SOURCES decoder_test.cpp)",
    "tests/unit/ingest/statsd/decoder_test.cpp": CASE,
    "tests/integration/program.py": "",
}

# What is wrong -> the rules that must complain, and the files that differ (appended text).
BAD = {
    "an include that is no repository path": (
        {"path"}, {"src/rules/plan.cpp": '#include "plan.hpp"\n'}),
    "our own header in angle brackets": (
        {"path"}, {"src/rules/plan.cpp": "#include <src/rules/plan.hpp>\n"}),
    "a source in a folder without a library": (
        {"owner", "tested"}, {"src/misc/thing.cpp": ""}),
    "a header that is not listed": (
        {"owner"}, {"src/rules/hidden.hpp": "#pragma once\n"}),
    "a header that is listed only as the end of another name": (
        {"owner"}, {"src/rules/an.hpp": "#pragma once\n"}),
    "an include that is not declared": (
        {"declared"}, {"src/app/engine.cpp": '#include "src/series/window.hpp"\n',
                       "src/series/window.hpp": "#pragma once\n",
                       "src/series/CMakeLists.txt": "tocsin_library(NAME series HEADERS window.hpp)"}),
    "a dependency that does not exist": (
        {"declared"}, {"src/query/CMakeLists.txt": "tocsin_library(NAME query DEPS evnt)"}),
    "a folder of ours among third parties": (
        {"declared"}, {"src/query/CMakeLists.txt": "tocsin_library(NAME query THIRD tocsin::base)"}),
    "folders in a circle": (
        {"declared"}, {"src/query/CMakeLists.txt": "tocsin_library(NAME query DEPS series)",
                       "src/series/CMakeLists.txt": "tocsin_library(NAME series DEPS query)"}),
    "a stage that declares a stage": (
        {"direction"}, {"src/alert/CMakeLists.txt": "tocsin_library(NAME alert DEPS detect)"}),
    "a stage that includes a stage": (
        {"direction", "declared"}, {"src/rules/plan.cpp": '#include "src/detect/vote.hpp"\n'}),
    "a foundation that includes a stage": (
        {"direction", "declared"}, {"src/event/codec.cpp": '#include "src/detect/vote.hpp"\n'}),
    "base that includes event": (
        {"direction", "declared"}, {"src/base/clock.cpp": '#include "src/event/codec.hpp"\n'}),
    "ingest that includes event": (
        {"direction", "declared"}, {"ingest/statsd/decoder.cpp": '#include "src/event/codec.hpp"\n'}),
    "a stage that includes ingest": (
        {"direction", "declared"}, {"src/detect/vote.cpp": '#include "ingest/statsd/decoder.hpp"\n'}),
    "base that declares query": (
        {"direction"}, {"src/query/CMakeLists.txt": "tocsin_library(NAME query)",
                        "src/base/CMakeLists.txt": "\ntocsin_library(NAME base SOURCES clock.cpp "
                                                   "HEADERS clock.hpp limits.hpp DEPS public query)"}),
    "a public header with an internal one": (
        {"public", "direction", "declared"},
        {"include/tocsin/event.hpp": '#include "src/detect/vote.hpp"\n'}),
    "a public header with a system header": (
        {"public"}, {"include/tocsin/event.hpp": "#include <sys/socket.h>\n"}),
    "Asio in a stage": (
        {"home"}, {"src/detect/vote.cpp": "#include <boost/asio/io_context.hpp>\n"}),
    "Asio in the application": (
        {"home"}, {"src/app/engine.cpp": "#include <boost/asio/io_context.hpp>\n"}),
    "hiredis beside redis/": (
        {"home"}, {"src/publish/records.cpp": "#include <hiredis/hiredis.h>\n"}),
    "msgpack in two files of event": (
        {"home"}, {"src/event/other.cpp": "#include <msgpack.hpp>\n"}),
    "msgpack in another file of publish": (
        {"home"}, {"src/publish/redis/link.cpp": "#include <msgpack/pack.hpp>\n"}),
    "RapidJSON in a header of the application": (
        {"home", "owner"}, {"src/app/json.hpp": "#include <rapidjson/writer.h>\n"}),
    "a third party in a header that others include": (
        {"shown"}, {"src/rules/plan.hpp": "#include <absl/container/flat_hash_map.h>\n"}),
    "a third party behind a header that others include": (
        {"shown"}, {"src/publish/store.hpp": '#include "src/publish/redis/link.hpp"\n'}),
    "a source without a test": (
        {"tested", "owner"}, {"src/detect/grubbs.cpp": ""}),
    "a source whose header a test includes, but without a test of its own": (
        {"tested", "owner"}, {"src/detect/grubbs.cpp": "", "src/detect/vote.hpp": "class Grubbs;\n",
                              "tests/unit/detect/vote_test.cpp": '#include "src/detect/vote.hpp"\n'}),
    "a source whose test stands in another folder": (
        {"tested", "owner"}, {"src/detect/grubbs.cpp": "", "tests/unit/grubbs_test.cpp": CASE,
                              "tests/unit/CMakeLists.txt": "tocsin_unit_test(SOURCES grubbs_test.cpp)"}),
    "a source whose name is only the end of a test's": (
        {"tested", "owner"}, {"src/detect/ote.cpp": ""}),
    "a header that branches without a test": (
        {"tested"}, {"src/base/limits.hpp": "inline int least(int a, int b) { return a < b ? a : b; }\n"}),
    "a test that is not built": (
        {"tested", "owner"}, {"src/detect/grubbs.cpp": "", "tests/unit/detect/grubbs_test.cpp": CASE,
                              "tests/unit/detect/CMakeLists.txt": "# grubbs_test.cpp\n"}),
    "a test without a case": (
        {"tested", "owner"}, {"src/detect/grubbs.cpp": "", "tests/unit/detect/grubbs_test.cpp": "\n",
                              "tests/unit/detect/CMakeLists.txt": "add(grubbs_test.cpp)\n"}),
    "unfinished work": (
        {"text"}, {"src/detect/vote.cpp": "// TO" "DO: the tenth detector\n"}),
    "unfinished work in a script": (
        {"text"}, {"scripts/run": "# FIX" "ME\n"}),
    "a skipped test": (
        {"text"}, {"tests/unit/all_test.cpp": 'TEST_CASE("x" * doctest::sk' 'ip()) {}\n'}),
    "a file that is too long": (
        {"text"}, {"src/detect/vote.cpp": "\n" * 901}),
    "a path of one machine": (
        {"text"}, {"config/tocsin.yaml": "rules: /home/somebody/rules\n"}),
    "a link that leads nowhere": (
        {"links"}, {"docs/page.md": "see [the plan](../src/rules/plan.cpp#L1) and [this](gone.md)\n"}),
}


class LayersCanFail(unittest.TestCase):
    def rules_that_complain(self, changes, covered=COVERED):
        with tempfile.TemporaryDirectory() as root:
            for path in sorted({**GOOD, **changes}):
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(GOOD.get(path, "") + changes.get(path, ""))
            found = list(layers.complaints(layers.read_tree(root, covered)))
        return {rule for rule, _ in found}, found

    def test_a_good_tree_gives_no_complaint(self):
        _, found = self.rules_that_complain({})
        self.assertEqual(found, [])

    def test_each_bad_tree_gives_the_complaints_of_its_rules_only(self):
        for what, (expected, changes) in BAD.items():
            with self.subTest(what):
                rules, found = self.rules_that_complain(changes)
                self.assertEqual(rules, expected, found)

    def test_each_rule_has_a_bad_tree(self):
        shown = set().union(*(rules for rules, _ in BAD.values()))
        self.assertEqual(shown, {rule.__name__.removeprefix("rule_") for rule in layers.RULES})

    def test_a_wrong_entry_of_the_list_is_itself_reported(self):
        good = COVERED["src/app/main.cpp"]
        entries = {
            "of a source that is gone": ({"src/app/gone.cpp": good}, "does not exist"),
            "of a header that never needed a test": ({"src/base/limits.hpp": good}, "needs no test"),
            "of a source that has its test": (
                {"src/detect/vote.cpp": good}, "which has tests/unit/detect/vote_test.cpp now"),
            "that names a test which is gone": (
                {"src/app/main.cpp": ("tests/integration/gone.py", "it is the program")},
                "covered by tests/integration/gone.py, which does not exist"),
            "without a reason": ({"src/app/main.cpp": (good[0], "")}, "without a reason"),
        }
        for what, (entry, said) in entries.items():
            with self.subTest(what):
                rules, found = self.rules_that_complain({}, {**COVERED, **entry})
                self.assertEqual(rules, {"tested"}, found)
                self.assertEqual(len(found), 1, found)
                self.assertIn(said, found[0][1])

    def test_without_its_entry_a_source_is_reported(self):
        _, found = self.rules_that_complain({}, {})
        self.assertEqual([complaint.split(":")[0] for _, complaint in found], ["src/app/main.cpp"])

    def test_comments_of_a_listing_declare_nothing(self):
        found = list(layers.parse_libraries("src/x/CMakeLists.txt", "# tocsin_library(NAME y)\n"))
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main()
