"""Synthetic access logs whose contents are known: the combined format with the time taken behind it.

Source: reference of grok, section 8: clients, methods, 13 path templates, status codes, sizes, referers
and agents with their weights; 198 bytes a line in the mean, without the time taken."""

import random

METHODS = {"GET": 86, "POST": 9, "HEAD": 2, "PUT": 1, "DELETE": 1, "OPTIONS": 1}
PROTOCOLS = {"1.1": 70, "2.0": 28, "1.0": 2}
STATUSES = {200: 800, 304: 60, 404: 50, 301: 30, 302: 20, 403: 10, 206: 10, 400: 10, 500: 6, 502: 4}
AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36": 25,
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0": 20,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15": 15,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148": 16,
    "Mozilla/5.0 (compatible; Searchbot/2.1; +http://search.example/bot.html)": 8,
    "curl/7.88.1": 6,
    "kube-probe/1.29": 10,
}
# What is asked for, its template as Tocsin's path_template makes it, and its weight.
PATHS = (
    (lambda r: "/", "/"),
    (lambda r: "/index.html", "/index.html"),
    (lambda r: f"/assets/app-{_hash(r)}.js", "/assets/app-:hash.js"),
    (lambda r: f"/assets/site-{_hash(r)}.css", "/assets/site-:hash.css"),
    (lambda r: f"/assets/img/{_hash(r)}.png", "/assets/img/:hash.png"),
    (lambda r: f"/api/v1/users/{r.randrange(1, 100_000)}", "/api/v1/users/:id"),
    (lambda r: f"/api/v1/orders/{r.randrange(1, 9_999_999)}/items", "/api/v1/orders/:id/items"),
    (lambda r: f"/products?page={r.randrange(1, 90)}&sort=price", "/products"),
    (lambda r: f"/search?q=term{r.randrange(5000)}&lang=en", "/search"),
    (lambda r: "/favicon.ico", "/favicon.ico"),
    (lambda r: "/health", "/health"),
    (lambda r: f"/blog/{r.randrange(2010, 2027)}/{r.randrange(1, 13):02}/{r.randrange(1, 900)}", "/blog/:id/:id/:id"),
    (lambda r: f"/download/release-{_hash(r)}.tar.gz", "/download/release-:hash.tar.gz"),
)


def _hash(r):
    return f"{r.getrandbits(28):07x}{r.randrange(10)}{r.getrandbits(4):x}a"  # letters and digits


def _client(r):
    if r.random() < 0.93:
        return ".".join(str(r.randrange(1, 255)) for _ in range(4))
    return "2001:db8:" + ":".join(f"{r.randrange(1, 65536):x}" for _ in range(6))


def _referer(r):
    kind = r.random()
    if kind < 0.55:
        return "-"
    if kind < 0.75:
        return "https://shop.example/"
    if kind < 0.85:
        return f"https://search.example/?q=term{r.randrange(5000)}"
    return f"https://shop.example/products/{r.randrange(1, 5000)}?ref={_hash(r)}"


class AccessLog:
    """`lines`: the records, without ends. `requests`: {status: count}. `times`: {template: [seconds]}."""

    def __init__(self, count, broken=0.0, seed=1):
        r = random.Random(seed)

        def chosen(weights):
            return r.choices(list(weights), list(weights.values()), k=count)
        methods, protocols, statuses, agents = map(chosen, (METHODS, PROTOCOLS, STATUSES, AGENTS))
        paths = r.choices(PATHS, range(14, 1, -1), k=count)
        self.lines, self.requests, self.times, self.failures = [], {}, {}, 0
        for i in range(count):
            make, template = paths[i]
            status = statuses[i]
            size = "-" if status == 304 else str(int(r.lognormvariate(8.2, 1.8)))
            user = "-" if r.random() < 0.98 else f"user{r.randrange(1, 500)}"
            took = round(r.lognormvariate(-3, 0.8), 4)
            second = i // 50
            line = (f'{_client(r)} - {user} [21/Nov/2026:{second // 3600 % 24:02}:{second // 60 % 60:02}:'
                    f'{second % 60:02} +0000] "{methods[i]} {make(r)} HTTP/{protocols[i]}" {status} {size} '
                    f'"{_referer(r)}" "{agents[i]}')
            if r.random() < broken:
                self.failures += 1  # the last quote is missing, and what follows
            else:
                line += f'" {took}'
                self.requests[status] = self.requests.get(status, 0) + 1
                self.times.setdefault(template, []).append(took)
            self.lines.append(line)
