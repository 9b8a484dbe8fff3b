"""Where an OpenAI-compatible server is, the key for it, and what to tell people when it says no."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from assay.errors import AssayError

KEY_VARIABLE = "OPENAI_API_KEY"
URL_VARIABLE = "OPENAI_BASE_URL"
EXAMPLE = "--base-url http://127.0.0.1:8000/v1"
HIDDEN = "[key]"


@dataclass(frozen=True)
class Server:
    """base_url: with its version path, without a slash at the end. key: "" for none; never printed or stored."""

    base_url: str
    key: str = field(default="", repr=False)
    key_variable: str = KEY_VARIABLE

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine, so that no proxy is to be used."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    def proxy(self) -> tuple[str, dict[str, str]]:
        """The proxy that the environment names for this server and the headers that let us in; "" and {} for none.

        Raises AssayError for a proxy of a kind that cannot be used.
        """
        parts = urlsplit(self.base_url)
        if self.is_local or proxy_bypass(parts.netloc):
            return "", {}
        known = getproxies()
        address = known.get(parts.scheme) or known.get("all", "")
        if not address:
            return "", {}
        proxy = urlsplit(address if "://" in address else f"http://{address}")
        if proxy.scheme not in ("http", "https") or not proxy.hostname:
            raise AssayError(
                f"The proxy that the environment names for {self.base_url} is not an http:// or https:// address. "
                f"Correct {parts.scheme.upper()}_PROXY, or put {parts.hostname} into NO_PROXY."
            )
        headers = {}
        if proxy.username is not None:
            user = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
            headers["Proxy-Authorization"] = f"Basic {base64.b64encode(user.encode()).decode()}"
        return urlunsplit((proxy.scheme, proxy.netloc.rpartition("@")[2], "", "", "")), headers

    def hide(self, text: str) -> str:
        """The text without the key, should the server have repeated it."""
        return text.replace(self.key, HIDDEN) if self.key else text

    def not_there(self, why: str) -> AssayError:
        return AssayError(
            f"No server answers at {self.base_url}: {why}. Start it, or correct --base-url (or ${URL_VARIABLE})."
        )

    def refused(self, status: int, said: str, name: str, known: Sequence[str]) -> AssayError:
        """The error for an answer that will be the same for every request. known: models that the server lists."""
        said = self.hide(said)
        if status in (401, 403):
            if self.key:
                cure = f"Check the key in the environment variable {self.key_variable}"
            else:
                cure = f"Put a key into the environment variable {self.key_variable}"
            return AssayError(
                f"{self.base_url} refuses access (HTTP {status}: {said}). {cure}, or name another with --api-key-env."
            )
        near = get_close_matches(name, known, n=3, cutoff=0.0)
        there = f" It has {', '.join(near)}{' and others' if len(known) > len(near) else ''}." if near else ""
        return AssayError(
            f"{self.base_url} does not know the model {name!r} or the path below --base-url (HTTP {status}: {said})."
            f"{there} Correct the name after openai: or --base-url."
        )


def find_server(base_url: str | None, key_variable: str | None) -> Server:
    """The server that the arguments and the environment name.

    base_url: None means $OPENAI_BASE_URL. key_variable: the variable that holds the key; None means $OPENAI_API_KEY,
    which may be unset for servers that want none.

    Raises AssayError when there is no URL, when it is none, and when `key_variable` is given but unset.
    """
    url = base_url or os.environ.get(URL_VARIABLE, "")
    if not url:
        raise AssayError(f"openai:NAME needs the server's address. Give it, for example, as {EXAMPLE}.")
    variable = key_variable or KEY_VARIABLE
    key = os.environ.get(variable, "").strip()
    if not key and (key_variable or urlsplit(url).hostname == "api.openai.com"):
        raise AssayError(
            f"There is no key: the environment variable {variable} is not set. Set it, for example with "
            f"read -rs {variable} && export {variable}"
        )
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise AssayError(f"The environment variable {variable} does not hold a key: it has characters that no key has.")
    return Server(_checked(url), key, variable)


def _checked(url: str) -> str:
    """The URL without a slash at the end, and with /v1 where it has no path. Raises AssayError."""
    if "://" not in url:
        raise AssayError(f"--base-url {url!r} has no http:// or https:// in front. Write, for example, {EXAMPLE}.")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise AssayError(f"--base-url {url!r} is not the address of a server. Write, for example, {EXAMPLE}.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise AssayError(
            "--base-url may hold no user, password, query or fragment, because it is stored with the run. Put a key "
            f"into the environment variable {KEY_VARIABLE}."
        )
    return url.rstrip("/") if parts.path.strip("/") else f"{url.rstrip('/')}/v1"
