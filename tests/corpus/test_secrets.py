"""Keys and personal data are replaced, what only looks like them is not, and the text still parses."""

from __future__ import annotations

import ast

import pytest

pytest.importorskip("detect_secrets", reason="the corpus extra is not installed")

from assay.corpus.secrets import luhn, replace

BODY = "MIIEpAIBAAKCAQEA7bq4r3+fD0w0yq5o1kq3a9Jx0k7W2mF0o3Z1Vt8Zq9n5X2cLZp8kPq0s7Yd3W9gH5vK2mJ4rT6uL8xN1bC3eF5h"


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ('KEY = "AKIAIOSFODNN7EXAMPLE"', 'KEY = "<KEY>"'),
        ('token = "ghp_0123456789abcdefABCDEF0123456789abcd"', 'token = "<KEY>"'),
        ('password = "kT9#vLq2!xZ8"', 'password = "<KEY>"'),
        ('url = "https://bob:s3cr3tP4ssw0rd@db.corp.com/x"', 'url = "https://bob:<PASSWORD>@db.corp.com/x"'),
        ('author = "Jane Doe <jane.doe@gmail.com>"', 'author = "Jane Doe <<EMAIL>>"'),
        ('host = "93.184.216.34"', 'host = "172.16.31.10"'),
        ('card = "4539 1488 0343 6467"', 'card = "<NUMBER>"'),
    ],
)
def test_what_must_go_is_replaced(line: str, becomes: str) -> None:
    text, found = replace(f"x = 1\n{line}\ny = 2\n", "python")
    assert text == f"x = 1\n{becomes}\ny = 2\n"
    assert found.total() == 1
    ast.parse(text)


def test_the_body_of_a_private_key_goes_and_its_frame_stays() -> None:
    text, found = replace(f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n-----END RSA PRIVATE KEY-----\n")
    assert text == "-----BEGIN RSA PRIVATE KEY-----\n<KEY>\n-----END RSA PRIVATE KEY-----\n"
    assert found == {"private key": 1}


@pytest.mark.parametrize(
    "line",
    [
        'password = "password"',
        'password = os.environ["DATABASE_PASSWORD"]',
        'secret_key = "your-secret-key-1234567"',
        'api_key = f"{prefix}_{number}"',
        'token = "start_of_line_2"',
        'mail = "someone@example.com"',
        "y = a@self.weight",
        "@app.route",
        'remote = "git@github.com:someone/thing.git"',
        'version = "10.40.50.60"',
        "# see section 8.2.44.45",
        'network = "93.184.216.0/24"',
        'local = "192.168.1.1", "127.0.0.1", "255.255.255.0"',
        "for x in data[1::2]: std::vector<int> v;",
        'uuid = "123e4567-e89b-12d3-a456-426614174000"',
        "number = 4539148803436467",
    ],
)
def test_what_only_looks_like_it_stays(line: str) -> None:
    assert replace(line, "python") == (line, {})


def test_card_numbers_are_known_by_their_check_digit() -> None:
    assert luhn("4539148803436467") and not luhn("4539148803436468")
