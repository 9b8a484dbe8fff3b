"""Keys, passwords and personal data are replaced: `<KEY>`, `<PASSWORD>`, `<EMAIL>`, `<NUMBER>`, private addresses.

The placeholders, and private addresses in place of public ones, are StarCoder's (arXiv 2305.06161). Keys and passwords
are found by detect-secrets, e-mail, addresses, card numbers and private keys by the expressions below. detect-secrets
takes milliseconds a line, so it only sees lines with a word that speaks for a key, and what it says is believed only
where the value looks random: by its entropy, and by being no word, sequence, template or example.
"""

from __future__ import annotations

import functools
import hashlib
import ipaddress
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from assay.corpus.draft import Draft
from assay.corpus.language import DATA, PROSE
from assay.corpus.names import listed

# How keys of known services begin, in lower case; then the words that stand before other keys and passwords.
_MARKS = listed("""
akia asia abia acca ghp_ gho_ ghu_ ghs_ ghr_ xoxa- xoxb- xoxp- xoxo- xoxs- xoxr- hooks.slack.com sk_live_ rk_live_ eyj
t3blbkfj _authtoken sg. glpat- gldt- glft- glsoat- glrt- glcbt- glagent- accountkey= pypi-ageichlwas5vcmc -us sq0csp-
""")
_WORDS = listed("""
password passwd pwd secret api_key apikey api-key auth_key authkey auth_token access_token access_key private_key
client_key service_key account_key db_pass credential
""")
_PROTOCOL = "://"
_PRIVATE_KEY = re.compile(r"(-----BEGIN ([A-Z ]*)PRIVATE KEY( BLOCK)?-----)([\s\S]{40,20000}?)(-----END \2PRIVATE KEY)")
_QUOTED = re.compile(r"""["'`]([^"'`\s]{8,200})["'`]""")
_AFTER_SIGN = re.compile(r"""[=:]\s*["'`]?([^\s"'`,;]{8,200})""")

_EMAIL = re.compile(r"(?<![\w.+%-])[A-Za-z0-9][\w.+%-]{0,63}@((?:[A-Za-z0-9-]{1,63}\.){1,8}([A-Za-z]{2,24}))(?![\w@(])")
_IN_A_URL = re.compile(r"://[^\s/]*$")
_TOP_LEVEL = frozenset(
    listed("""
com org net edu gov mil int info biz dev app io ai co me tv eu uk de fr nl be ch at it es pt pl cz sk hu ro bg gr se
no fi dk ee lv lt ua ru by kz us ca mx br ar cl au nz jp cn kr tw hk sg my th vn id in pk ir il tr sa ae za ng ke eg
ie is lu li si hr rs
""")
)
_NOBODY = re.compile(
    r"(?:^|[.@])(?:example|test|invalid|localhost|domain|foo|bar|baz|spam|host|server|email|mail|company|mydomain|"
    r"yourdomain|your-domain)\.|(?:^|\.)example$|users\.noreply\.github\.com$|\.local$",
    re.I,
)
_NO_PERSON = frozenset(
    listed("""
git hg svn noreply no-reply root user username you me someone foo bar name
""")
)

# What must not stand before is looked at after the first character: an expression that begins with a set is fast.
_IPV4 = re.compile(r"\d(?<![\w.-]\d)\d{0,2}(?:\.\d{1,3}){3}(?![\w-]|\.\w|/\d)")
_IPV6 = re.compile(r"[23](?<![\w:.][23])[0-9a-fA-F]{3}:(?:[0-9a-fA-F]{0,4}:){1,6}[0-9a-fA-F]{0,4}(?![\w:.]|/\d)")
_VERSION = re.compile(r"(?:versions?|ver|v|release|revision|oid|chapters?|sections?|==|>=|<=|~=)\W{0,12}$", re.I)
_KNOWN_SERVERS = frozenset(
    listed("""
8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 9.9.9.9 208.67.222.222 208.67.220.220
""")
)
_PRIVATE_V4 = ("172.16.31.10", "172.16.58.3", "172.16.17.32", "192.168.127.12", "192.168.3.11")
_PRIVATE_V6 = ("fd00:c2b6:b24b:be67:2827:688d:e6a1:6a3b", "fd00:a516:7c1b:17cd:6d81:2137:bd2a:2c5b")
# "1.2.3.4" and "8.2.4.44" are versions and sections; of addresses 99 % have two parts of at least this.
_LARGE_PART = 32

_CARD = re.compile(r"[3-6](?<![\w.-][3-6])\d{3}([ -])\d{4}\1\d{4}\1\d{4}(?![\w.-])")
_TEST_CARDS = frozenset(
    listed("""
4111111111111111 4242424242424242 5555555555554444 4012888888881881 5105105105105100
""")
)

_LEAST_ENTROPY, _LEAST_ENTROPY_OF_A_PASSWORD = 3.2, 2.8
_EXAMPLE = re.compile(
    r"example|sample|dummy|placeholder|changeme|change_me|your[-_ ]|xxxx|\*\*\*|\.\.\.|1234567|abcdef|qwerty|todo|"
    r"fixme|password|passwd|secret|<[^>]*>|\$\{|\{\{|%\(|%s|\{\w*\}",
    re.I,
)


def replace(text: str, language: str = "") -> tuple[str, Counter[str]]:
    """The text without secrets and personal data, and how many of each kind were replaced."""
    found: Counter[str] = Counter()
    if "PRIVATE KEY" in text:
        text = _PRIVATE_KEY.sub(lambda match: _key_block(match, found), text)
    # From the end, so that the places before stay where they are.
    spans: list[Span] = []
    for span in (*_keys(text, language), *_emails(text), *_addresses(text), *_cards(text)):
        if all(span[1] <= start or stop <= span[0] for start, stop, _, _ in spans):
            spans.append(span)
    for start, stop, kind, value in sorted(spans, reverse=True):
        text = text[:start] + value + text[stop:]
        found[kind] += 1
    return text, found


def step(draft: Draft) -> None:
    """Replace in a draft, and count."""
    draft.text, draft.replaced = replace(draft.text, draft.language)
    draft.signals["replaced"] = draft.replaced.total()


Span = tuple[int, int, str, str]


def _key_block(match: re.Match[str], found: Counter[str]) -> str:
    if entropy(match[4]) < 4:
        return match[0]  # a placeholder, not a key
    found["private key"] += 1
    line_end = "\\n" if "\\n" in match[4] and "\n" not in match[4] else "\n"
    return f"{match[1]}{line_end}<KEY>{line_end}{match[5]}"


def _lines(text: str, words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where the lines with any of these words begin and end, each once."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters become two when they are made small
        lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    seen = set()
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            start, stop = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            stop = len(text) if stop < 0 else stop
            if start not in seen and stop - start <= 2000:
                seen.add(start)
                yield start, stop
            at = lowered.find(word, stop)


def _keys(text: str, language: str) -> Iterator[Span]:
    for start, stop in _lines(text, (*_MARKS, _PROTOCOL)):
        line = text[start:stop]
        if "://" in line and "@" not in line and not any(mark in line.lower() for mark in _MARKS):
            continue
        for plugin in _detectors():
            for value in _values(plugin, line):
                yield from _spans(text, start, stop, value, plugin.secret_type)
    loose = language in DATA | PROSE or language in ("bash", "dockerfile", "")
    for start, stop in _lines(text, _WORDS):
        line = text[start:stop]
        if not (_QUOTED.search(line) or (loose and _AFTER_SIGN.search(line))):
            continue
        for value in _loose_values(line, loose):
            if looks_random(value):
                yield from _spans(text, start, stop, value, "Secret Keyword")


def _values(plugin: Any, line: str) -> Iterator[str]:
    """What a detector's expressions match: the group that holds the secret, or all of it.

    Not `plugin.analyze_string`, which gives "ghp" for a GitHub token: the group that its expression has for the prefix.
    """
    for expression in plugin.denylist:
        for match in expression.finditer(line):
            value = max((group or "" for group in match.groups()), key=len, default="")
            value = value if len(value) >= 6 else match[0]
            if plugin.secret_type != "JSON Web Token" or plugin.is_formally_valid(value):
                yield value


def _loose_values(line: str, loose: bool) -> Iterator[str]:
    """What detect-secrets takes for a password or a random string in a line that speaks of one."""
    keyword, entropies = _keyword_detectors()
    for match in (_AFTER_SIGN if loose else _QUOTED).finditer(line):
        value = match[1]
        named = any(value in found for found in keyword.analyze_string(line))
        if named or any(True for plugin in entropies for _ in plugin.analyze_string(f'"{value}"')):
            yield value


def _spans(text: str, start: int, stop: int, value: str, kind: str) -> Iterator[Span]:
    if not isinstance(value, str) or len(value) < 6:
        return
    if kind == "Basic Auth Credentials":
        kind, mark = "password", "<PASSWORD>"
        if not looks_random(value, _LEAST_ENTROPY_OF_A_PASSWORD):
            return
    elif kind == "Secret Keyword":
        kind, mark = "password or key", "<KEY>"
    else:
        if entropy(value) < _LEAST_ENTROPY_OF_A_PASSWORD or len(set(value)) < 6:
            return
        kind, mark = "key", "<KEY>"
    at = text.find(value, start, stop)
    while at >= 0:
        yield at, at + len(value), kind, mark
        at = text.find(value, at + len(value), stop)


def looks_random(value: str, least: float = _LEAST_ENTROPY) -> bool:
    """Whether a value may be a real key or password: mixed, of high entropy, no word, sequence, template or example."""
    from detect_secrets.filters import heuristic

    if (
        entropy(value) < least
        or _EXAMPLE.search(value)
        or not re.search(r"\d", value)
        or not re.search(r"[a-zA-Z]", value)
    ):
        return False
    # Names with a number in them, paths, calls and format strings are how code looks; keys have digits inside.
    if re.fullmatch(r"[A-Za-z_.:/ -]+\d{0,3}", value) or re.search(r"[(){}\[\]<>\\|,;]", value):
        return False
    if sum(map(str.isdigit, value)) < 2 or _words_in(value) > 0.5:
        return False
    return not (
        heuristic.is_sequential_string(value)
        or heuristic.is_potential_uuid(value)
        or heuristic.is_templated_secret(value)
        or heuristic.is_indirect_reference(value)
    )


def _words_in(value: str) -> float:
    """Share of the characters in runs of five or more small letters with a vowel: of names, not of random strings."""
    runs = re.findall(r"[A-Z]?[a-z]{4,}", value)
    return sum(len(run) for run in runs if re.search(r"[aeiou]", run)) / len(value)


def entropy(value: str) -> float:
    """Shannon entropy in bits per character."""
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())


def _emails(text: str) -> Iterator[Span]:
    if "@" not in text:
        return
    for start, stop in _lines(text, ("@",)):
        for match in _EMAIL.finditer(text, start, stop):
            local = match[0].partition("@")[0].lower()
            if _IN_A_URL.search(text, max(start, match.start() - 80), match.start()):
                continue
            if match[2].lower() in _TOP_LEVEL and local not in _NO_PERSON and not _NOBODY.search(match[1]):
                yield match.start(), match.end(), "e-mail", "<EMAIL>"


def _addresses(text: str) -> Iterator[Span]:
    for match in _IPV4.finditer(text):
        try:
            address = ipaddress.IPv4Address(match[0])
        except ValueError:
            continue
        large = sum(part >= _LARGE_PART for part in address.packed)
        if large < 2 or match[0] in _KNOWN_SERVERS or not address.is_global or address.is_multicast:
            continue
        if not _VERSION.search(text, max(0, match.start() - 24), match.start()):
            yield match.start(), match.end(), "address", _of(_PRIVATE_V4, match[0])
    for match in _IPV6.finditer(text):
        try:
            known = ipaddress.IPv6Address(match[0]).is_global
        except ValueError:
            continue
        if known:
            yield match.start(), match.end(), "address", _of(_PRIVATE_V6, match[0])


def _of(choices: tuple[str, ...], value: str) -> str:
    """Equal addresses become equal addresses."""
    return choices[hashlib.sha256(value.encode()).digest()[0] % len(choices)]


def _cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if luhn(digits) and digits not in _TEST_CARDS and len(set(digits)) > 4:
            yield match.start(), match.end(), "card number", "<NUMBER>"


def luhn(digits: str) -> bool:
    """The check digit of card numbers (ISO/IEC 7812)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


@functools.cache
def _detectors() -> tuple[Any, ...]:
    """Those of detect-secrets that know a service's keys by their form."""
    from detect_secrets.plugins import (
        aws,
        azure_storage_key,
        basic_auth,
        github_token,
        gitlab_token,
        jwt,
        mailchimp,
        npm,
        openai,
        pypi_token,
        sendgrid,
        slack,
        square_oauth,
        stripe,
    )

    return (
        aws.AWSKeyDetector(),
        azure_storage_key.AzureStorageKeyDetector(),
        basic_auth.BasicAuthDetector(),
        github_token.GitHubTokenDetector(),
        gitlab_token.GitLabTokenDetector(),
        jwt.JwtTokenDetector(),
        mailchimp.MailchimpDetector(),
        npm.NpmDetector(),
        openai.OpenAIDetector(),
        pypi_token.PypiTokenDetector(),
        sendgrid.SendGridDetector(),
        slack.SlackDetector(),
        square_oauth.SquareOAuthDetector(),
        stripe.StripeDetector(),
    )


@functools.cache
def _keyword_detectors() -> tuple[Any, tuple[Any, ...]]:
    from detect_secrets.plugins import high_entropy_strings, keyword

    return keyword.KeywordDetector(), (
        high_entropy_strings.Base64HighEntropyString(limit=4.5),
        high_entropy_strings.HexHighEntropyString(limit=3.0),
    )
