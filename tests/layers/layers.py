#!/usr/bin/python3
"""Who may include whom: compares every #include with what the folders declare. Besides: each source
has its test, nothing is unfinished, links lead somewhere.

Linking alone does not catch a forbidden header, so this reads the sources. Each rule below is a
function that yields complaints; selftest.py shows for each that it can fail.
Usage:   layers.py [ROOT]     exit status 1 and one line per complaint when there is one
Source:  the rules are those of CONTRIBUTING.md, "Direction of dependencies" and "Tests".
"""

import os
import re
import sys
from dataclasses import dataclass, field

FOUNDATION = ("public", "base", "event", "query", "series", "pipeline", "settings")
STAGES = ("rules", "detect", "service", "alert", "publish", "api")

NETWORK = (r"ingest/listen/", r"src/publish/", r"src/api/")
# Third parties with a home: header prefix -> where it may be included (path patterns).
HOMES = {
    "boost/asio": NETWORK,
    "boost/beast": NETWORK,
    "boost/system": NETWORK,
    "hiredis/": (r"src/publish/redis/",),
    # Events and the records of the result store each have one file that knows msgpack.
    "msgpack": (r"src/event/[a-z0-9_]+\.cpp$", r"src/publish/records\.cpp$"),
    "rapidjson/": (r"src/api/", r"src/app/[a-z0-9_]+\.cpp$", r"ingest/[a-z_]+/[a-z0-9_]+\.cpp$",
                   r"src/rules/parse/json_operation\.cpp$"),
}
# Of src/event, one file only may include msgpack; of the others this is said by the pattern.
ONE_FILE = (("msgpack", "src/event/"),)

# Other people's headers that are not the standard library's and not the operating system's.
THIRD_PARTY = re.compile(
    r"^(boost|hiredis|msgpack|rapidjson|absl|yaml-cpp|spdlog|fmt|CLI|benchmark|doctest)(/|\.|$)"
    r"|^(pcre2|xxhash|zlib|zstd|hs|openssl/.*)\.h$|^openssl/")

STD_HEADERS = frozenset(
    """algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv
    chrono cinttypes climits clocale cmath compare complex concepts condition_variable csetjmp
    csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque
    exception execution filesystem forward_list fstream functional future initializer_list iomanip
    ios iosfwd iostream istream iterator latch limits list locale map memory memory_resource mutex
    new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore
    set shared_mutex source_location span sstream stack stdexcept stop_token streambuf string
    string_view syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map
    unordered_set utility valarray variant vector version""".split())

# Sources that another test than the one of their name covers: source -> (that test, why).
COVERED_ELSEWHERE = {
    "src/app/main.cpp": (
        "tests/integration/daemon/wrong_inputs.py",
        "it is the program: options, refusals and exit status are seen from outside"),
    "src/rules/grok/engine/fingerprints_avx2.cpp": (
        "tests/unit/rules/grok/engine/fingerprints_test.cpp",
        "there it is compared with its portable twin"),
    "src/rules/grok/engine/machine_avx2.cpp": (
        "tests/unit/rules/grok/engine/machine_test.cpp",
        "there it is compared with its portable twin"),
    "src/rules/grok/engine/machine_body.hpp": (
        "tests/unit/rules/grok/engine/machine_test.cpp",
        "the machine is this header, included by machine.cpp and machine_avx2.cpp"),
    "src/settings/settings.hpp": (
        "tests/unit/app/rule_loading_test.cpp",
        "values; its one choice is where a predicate stands, and that is told with the rules' errors"),
    "src/settings/listener_fields.hpp": (
        "tests/unit/settings/show_test.cpp",
        "its visitors are the reader and the shower: each key is written there and read back"),
    "src/settings/words.hpp": (
        "tests/unit/settings/bad_settings_test.cpp",
        "the lists stand in the expected complaints; show_test.cpp reads each word back"),
}

# Written in two halves, so that this file does not find itself.
MARKS = re.compile(r"\b(" + "|".join(("TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK")) + r")\b")
SKIPPED_TEST = re.compile(r"\bdoctest::(" + "|".join(("sk" "ip", "may_" "fail", "should_" "fail")) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(?:home|root|Users|work)/[\w.]")
MAX_LINES = 900

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
LIBRARY = re.compile(r"\btocsin_library\s*\(([^)]*)\)")


@dataclass
class Library:
    """What one folder says of itself in its CMakeLists.txt."""
    name: str
    folder: str
    deps: list = field(default_factory=list)
    third: list = field(default_factory=list)
    listing: str = ""  # the CMakeLists.txt without comments


@dataclass
class Include:
    line: int
    target: str
    quoted: bool


@dataclass
class Source:
    path: str
    library: Library  # None: in no folder that declares one
    includes: list


@dataclass
class Tree:
    root: str
    libraries: dict  # name -> Library
    sources: dict    # path -> Source; src/, ingest/ and include/
    tests: dict      # path of a test file -> its text
    texts: dict      # path of any file of ours -> its text
    covered: dict    # as COVERED_ELSEWHERE


def read_text(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def files_below(root, folder, suffixes):
    for where, folders, names in os.walk(os.path.join(root, folder)):
        folders[:] = sorted(f for f in folders if f not in ("__pycache__", "build", ".git"))
        for name in sorted(names):
            if name.endswith(suffixes) or name in suffixes:
                yield os.path.relpath(os.path.join(where, name), root)


def parse_libraries(path, text):
    listing = re.sub(r"#[^\n]*", "", text)
    folder = os.path.dirname(path)
    for match in LIBRARY.finditer(listing):
        library = Library(name="", folder=folder, listing=listing)
        keyword = None
        for word in match.group(1).split():
            if word in ("NAME", "SOURCES", "HEADERS", "DEPS", "THIRD"):
                keyword = word
            elif keyword == "NAME":
                library.name = word
            elif keyword == "DEPS":
                library.deps.append(word)
            elif keyword == "THIRD":
                library.third.append(word)
        yield library


def parse_includes(text):
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield Include(number, match.group(1) or match.group(2), match.group(1) is not None)


def read_tree(root, covered):
    tree = Tree(root, {}, {}, {}, {}, covered)
    by_folder = {}
    for top in ("include", "src", "ingest"):
        for path in files_below(root, top, ("CMakeLists.txt",)):
            for library in parse_libraries(path, read_text(os.path.join(root, path))):
                tree.libraries[library.name] = library
                by_folder[library.folder] = library
    for top in ("include", "src", "ingest"):
        for path in files_below(root, top, (".cpp", ".hpp")):
            folder = os.path.dirname(path)
            while folder and folder not in by_folder:
                folder = os.path.dirname(folder)
            text = read_text(os.path.join(root, path))
            tree.sources[path] = Source(path, by_folder.get(folder), list(parse_includes(text)))
    for path in files_below(root, "tests", (".cpp", ".hpp", ".py", ".sh")):
        tree.tests[path] = read_text(os.path.join(root, path))
    kinds = (".cpp", ".hpp", ".py", ".sh", ".cmake", ".yaml", ".yml", ".md", ".json", ".html", ".js",
             ".css", "CMakeLists.txt")
    for top in ("include", "src", "ingest", "tests", "bench", "cmake", "config", "rules", "docs",
                "dashboard"):
        for path in files_below(root, top, kinds):
            tree.texts[path] = read_text(os.path.join(root, path))
    for top in ("scripts", ".ci"):
        for path in files_below(root, top, ("",)):
            tree.texts[path] = read_text(os.path.join(root, path))
    for name in sorted(os.listdir(root)):
        if name.endswith((".md", ".json", ".txt")) and os.path.isfile(os.path.join(root, name)):
            tree.texts[name] = read_text(os.path.join(root, name))
    return tree


def resolve(tree, target):
    """The path of the file that a quoted include names, or None."""
    path = "include/" + target if target.startswith("tocsin/") else target
    return path if os.path.isfile(os.path.join(tree.root, path)) else None


def all_deps(tree, library):
    seen, waiting = set(), list(library.deps)
    while waiting:
        name = waiting.pop()
        if name not in seen and name in tree.libraries:
            seen.add(name)
            waiting += tree.libraries[name].deps
    return seen


def crossings(tree):
    """Each include of another folder's header: (source, include, library that owns the header)."""
    for source in tree.sources.values():
        for include in source.includes:
            path = resolve(tree, include.target) if include.quoted else None
            owner = tree.sources[path].library if path in tree.sources else None
            if owner and owner is not source.library:
                yield source, include, owner


def is_listed(name, listing):
    """Whether a CMake listing names a file, and not only another that ends or begins like it."""
    return re.search(r"(?<![\w/.-])" + re.escape(name) + r"(?![\w.-])", listing) is not None


def place(source, include):
    return f"{source.path}:{include.line}"


# The rules. Each yields "place: what is wrong".

def rule_path(tree):
    """Quoted includes name a file by its path in the repository."""
    for source in tree.sources.values():
        for include in source.includes:
            if include.quoted and resolve(tree, include.target) is None:
                yield f'{place(source, include)}: no file "{include.target}" by its repository path'
            if not include.quoted and include.target.startswith(("tocsin/", "src/", "ingest/")):
                yield f"{place(source, include)}: our own <{include.target}> is included with quotes"


def rule_owner(tree):
    """Each source belongs to a folder with a tocsin_library, and stands in its CMakeLists.txt."""
    for source in tree.sources.values():
        if source.library is None:
            yield f"{source.path}: no folder above it declares a tocsin_library"
            continue
        listed = os.path.relpath(source.path, source.library.folder)
        if not is_listed(listed, source.library.listing):
            yield f"{source.path}: not listed in {source.library.folder}/CMakeLists.txt"


def rule_declared(tree):
    """What is included from another folder is covered by DEPS, directly or through one of them."""
    for library in tree.libraries.values():
        for dep in library.deps:
            if dep not in tree.libraries:
                yield f"{library.folder}/CMakeLists.txt: DEPS names '{dep}', which no folder declares"
        for third in library.third:
            if third.startswith("tocsin::"):
                yield f"{library.folder}/CMakeLists.txt: '{third}' is ours and belongs in DEPS"
        if library.name in all_deps(tree, library):
            yield f"{library.folder}/CMakeLists.txt: '{library.name}' depends on itself in a circle"
    for source, include, owner in crossings(tree):
        if source.library and owner.name not in all_deps(tree, source.library):
            yield (f"{place(source, include)}: includes {owner.folder}, which '{source.library.name}' "
                   "does not declare in DEPS")


def kind_of(library):
    top = library.folder.split("/")
    if top[0] == "include":
        return "public"
    if top[0] == "ingest":
        return "ingest"
    return top[1] if len(top) > 1 else ""


def may_use(user, used):
    """Whether folder kind `user` may know folder kind `used`; a reason when not."""
    if user == used or user == "app":
        return None
    if used == "app":
        return "only src/app itself knows src/app"
    if user == "public":
        return "include/tocsin knows nothing but std and itself"
    if user == "ingest":
        return None if used in ("public", "base") else "ingest uses only include/tocsin and src/base"
    if used == "ingest":
        return "only src/app knows ingest"
    if user in STAGES and used in STAGES:
        return "no stage knows another stage"
    if user in FOUNDATION and used in STAGES:
        return "what every stage stands on knows no stage"
    if user == "base" and used != "public":
        return "src/base knows only include/tocsin"
    if user == "event" and used not in ("public", "base"):
        return "src/event knows only include/tocsin and src/base"
    return None


def rule_direction(tree):
    """Dependencies point one way, in the includes and in what is declared."""
    for source, include, owner in crossings(tree):
        reason = source.library and may_use(kind_of(source.library), kind_of(owner))
        if reason:
            yield f'{place(source, include)}: includes "{include.target}", but {reason}'
    for library in tree.libraries.values():
        for dep in library.deps:
            reason = dep in tree.libraries and may_use(kind_of(library), kind_of(tree.libraries[dep]))
            if reason:
                yield f"{library.folder}/CMakeLists.txt: DEPS names '{dep}', but {reason}"


def rule_public(tree):
    """The public headers include only std and each other."""
    for source in tree.sources.values():
        if not source.path.startswith("include/"):
            continue
        for include in source.includes:
            good = include.target.startswith("tocsin/") if include.quoted else include.target in STD_HEADERS
            if not good:
                yield f"{place(source, include)}: a public header includes '{include.target}'"


def rule_home(tree):
    """Third parties have their homes."""
    users = {}
    for source in tree.sources.values():
        for include in source.includes:
            for prefix, homes in HOMES.items():
                if include.quoted or not include.target.startswith(prefix):
                    continue
                if not any(re.match(home, source.path) for home in homes):
                    yield f"{place(source, include)}: <{include.target}> is not at home here"
                for one_prefix, folder in ONE_FILE:
                    if prefix == one_prefix and source.path.startswith(folder):
                        users.setdefault((prefix, folder), set()).add(source.path)
    for (prefix, folder), paths in sorted(users.items()):
        for path in sorted(paths)[1:]:
            yield f"{path}: a second file of {folder} includes {prefix}; one codec knows it"


def rule_shown(tree):
    """No header that another folder includes shows a third party, itself or by what it includes."""
    waiting = [(resolve(tree, include.target), source.path) for source, include, _ in crossings(tree)]
    exposed = {}
    while waiting:
        path, user = waiting.pop()
        if path in exposed or path not in tree.sources:
            continue
        exposed[path] = user
        waiting += [(resolve(tree, i.target), user) for i in tree.sources[path].includes if i.quoted]
    for path, user in sorted(exposed.items()):
        for include in tree.sources[path].includes:
            if not include.quoted and THIRD_PARTY.match(include.target):
                yield (f"{path}:{include.line}: shows <{include.target}> to other folders, "
                       f"for example to {user}")


def branches(text):
    """Whether C++ code chooses or repeats: what a test can find wrong in a header."""
    code = re.sub(r'//[^\n]*|"(?:\\.|[^"\\\n])*"', "", text)
    return re.search(r"\b(?:if|for|while|switch)\b|\?", code) is not None


def needs_test(tree, path):
    """Each .cpp of src/ and ingest/, and each header that has no .cpp of its name but branches."""
    if not path.startswith(("src/", "ingest/")):
        return False
    if path.endswith(".cpp"):
        return True
    return path[:-len("hpp")] + "cpp" not in tree.sources and branches(tree.texts[path])


def test_of(path):
    """Where the test of a source stands: src/a/b.cpp -> tests/unit/a/b_test.cpp; ingest/ stays."""
    return "tests/unit/" + os.path.splitext(path.removeprefix("src/"))[0] + "_test.cpp"


def is_built(tree, path):
    """Whether the next CMakeLists.txt at or above a file names it."""
    folder = os.path.dirname(path)
    while folder and folder + "/CMakeLists.txt" not in tree.texts:
        folder = os.path.dirname(folder)
    listing = re.sub(r"#[^\n]*", "", tree.texts.get(folder + "/CMakeLists.txt", ""))
    return is_listed(os.path.relpath(path, folder or "."), listing)


def rule_tested(tree):
    """Each source has a test of its name at the mirrored place, which the build knows and which
    holds a case; or an entry of COVERED_ELSEWHERE, which names the test that covers it."""
    for path in sorted(tree.sources):
        test = test_of(path)
        if not needs_test(tree, path) or path in tree.covered:
            continue
        if test not in tree.tests:
            yield f"{path}: no {test}, and no entry of COVERED_ELSEWHERE in tests/layers/layers.py"
        elif not is_built(tree, test):
            yield f"{test}: not listed in the CMakeLists.txt at or above it, so it never runs"
        elif "TEST_CASE" not in tree.tests[test]:
            yield f"{test}: holds no TEST_CASE"
    for path, (covering, reason) in sorted(tree.covered.items()):
        entry = f"tests/layers/layers.py: COVERED_ELSEWHERE names {path}"
        if path not in tree.sources:
            yield f"{entry}, which does not exist"
        elif not needs_test(tree, path):
            yield f"{entry}, which needs no test"
        elif test_of(path) in tree.tests:
            yield f"{entry}, which has {test_of(path)} now"
        if covering not in tree.tests:
            yield f"{entry}, covered by {covering}, which does not exist"
        if not reason:
            yield f"{entry} without a reason"


def rule_text(tree):
    """No unfinished work, no skipped test, no overlong file, no path of somebody's machine."""
    for path, text in tree.texts.items():
        prose = path.endswith(".md")
        lines = text.splitlines()
        if path.endswith((".cpp", ".hpp", ".py")) and len(lines) > MAX_LINES:
            yield f"{path}: {len(lines)} lines; split it below {MAX_LINES}"
        for number, line in enumerate(lines, 1):
            if not prose and MARKS.search(line):
                yield f"{path}:{number}: a mark of unfinished work"
            if SKIPPED_TEST.search(line):
                yield f"{path}:{number}: a test that is skipped or allowed to fail"
            if path != "tests/layers/selftest.py" and MACHINE_PATH.search(line):
                yield f"{path}:{number}: a path of one machine"


def rule_links(tree):
    """Links between pages lead somewhere."""
    for path, text in tree.texts.items():
        if not path.endswith(".md"):
            continue
        fenced = False
        for number, line in enumerate(text.splitlines(), 1):
            fenced ^= line.startswith("```")
            for target in [] if fenced else re.findall(r"\]\(([^)#:\s]+)(?:#[^)\s]*)?\)", line):
                if not os.path.exists(os.path.join(tree.root, os.path.dirname(path), target)):
                    yield f"{path}:{number}: no file {target}"


RULES = (rule_path, rule_owner, rule_declared, rule_direction, rule_public, rule_home, rule_shown,
         rule_tested, rule_text, rule_links)


def complaints(tree):
    for rule in RULES:
        for complaint in rule(tree):
            yield rule.__name__.removeprefix("rule_"), complaint


def main():
    root = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else
                           os.path.join(os.path.dirname(__file__), "..", ".."))
    tree = read_tree(root, COVERED_ELSEWHERE)
    if not tree.libraries or not tree.sources:
        print(f"layers: found no folders of ours below {root}", file=sys.stderr)
        return 1
    count = 0
    for rule, complaint in complaints(tree):
        print(f"{complaint} [{rule}]")
        count += 1
    includes = sum(len(source.includes) for source in tree.sources.values())
    print(f"layers: {len(tree.libraries)} folders, {len(tree.sources)} sources, {includes} includes, "
          f"{count} complaints")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
