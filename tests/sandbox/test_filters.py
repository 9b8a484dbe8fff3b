"""The seccomp filters assemble for both architectures and the wire keeps its promises."""

from __future__ import annotations

import struct

import pytest

from assay.sandbox import kernel, seccomp, wire
from assay.sandbox.program import Status

MACHINES = ["x86_64", "aarch64"]
_JUMPS = (0x15, 0x35, 0x45)  # equal, at least, bits set


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(kernel, "MACHINE", request.param)
    return str(request.param)


def run_filter(code: bytes, arch: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """What the kernel would answer: a small interpreter of classic BPF."""
    data = struct.pack("<iIQ6Q", number, arch, 0, *(arguments + (0,) * 6)[:6])
    steps = [struct.unpack_from("HBBI", code, offset) for offset in range(0, len(code), 8)]
    position = accumulator = 0
    while True:
        operation, yes, no, k = steps[position]
        position += 1
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, k)
        elif operation == 0x06:
            return k
        else:
            holds = {0x15: accumulator == k, 0x35: accumulator >= k, 0x45: bool(accumulator & k)}[operation]
            position += yes if holds else no


def test_every_jump_stays_inside_and_every_path_returns(machine: str) -> None:
    for code in (
        seccomp.base_filter(namespaces=True),
        seccomp.base_filter(namespaces=False),
        seccomp.last_filter(may_exec=False),
        seccomp.last_filter(may_exec=True, own_pid=1234),
    ):
        assert len(code) % 8 == 0
        count = len(code) // 8
        assert count < 4096
        for index in range(count):
            operation, yes, no, _ = struct.unpack_from("HBBI", code, index * 8)
            if operation in _JUMPS:
                assert index + 1 + max(yes, no) < count
        assert struct.unpack_from("HBBI", code, (count - 1) * 8)[0] == 0x06


def test_calls_get_the_answer_that_is_written_down(machine: str) -> None:
    column = MACHINES.index(machine)
    arch = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]
    base, last = seccomp.base_filter(namespaces=True), seccomp.last_filter(may_exec=False)
    for name, numbers in seccomp.KILLED.items():
        if numbers[column] is not None:
            code = last if name in seccomp.LAST else base
            assert run_filter(code, arch, numbers[column]) == 0x80000000, name
    for answer, table in ((0x00050001, seccomp.REFUSED), (0x00050026, seccomp.MISSING)):
        for name, numbers in table.items():
            if numbers[column] is not None:
                assert run_filter(base, arch, numbers[column]) == answer, name
    read, write = ((0, 1), (63, 64))[column]
    assert {run_filter(code, arch, number) for code in (base, last) for number in (read, write)} == {0x7FFF0000}


def test_calls_of_another_architecture_end_the_process(machine: str) -> None:
    other = 0x40000003  # i386
    assert run_filter(seccomp.base_filter(namespaces=True), other, 1) == 0x80000000


def test_without_a_pid_namespace_only_the_own_process_may_be_signalled(machine: str) -> None:
    column = MACHINES.index(machine)
    arch = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]
    code = seccomp.last_filter(may_exec=True, own_pid=1234)
    kill = seccomp.SIGNALS["kill"][column]
    assert kill is not None
    assert run_filter(code, arch, kill, (1234, 9)) == 0x7FFF0000
    for other in (1, 1235, (1 << 64) - 1, (1 << 64) - 1234):
        assert run_filter(code, arch, kill, (other, 9)) == 0x00050001


def test_local_sockets_are_refused_where_there_is_no_network_namespace(machine: str) -> None:
    arch = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]
    number = (41, 198)[MACHINES.index(machine)]
    assert run_filter(seccomp.base_filter(namespaces=False), arch, number, (1,)) == 0x00050001
    assert run_filter(seccomp.base_filter(namespaces=True), arch, number, (1,)) == 0x7FFF0000
    for family in (2, 10, 16, 17, 40):
        assert run_filter(seccomp.base_filter(namespaces=True), arch, number, (family,)) == 0x00050001


def test_new_namespaces_by_clone_end_the_process(machine: str) -> None:
    arch = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]
    number = (56, 220)[MACHINES.index(machine)]
    base = seccomp.base_filter(namespaces=True)
    assert run_filter(base, arch, number, (0x01200011,)) == 0x7FFF0000  # fork
    for flag in (0x10000000, 0x20000000, 0x40000000, 0x00020000, 0x02000000):
        assert run_filter(base, arch, number, (flag | 17,)) == 0x80000000


@pytest.mark.skipif(not hasattr(wire, "STATUSES"), reason="the wire carries no statuses any more")
def test_the_wire_knows_every_status_in_order() -> None:
    assert tuple(status.value for status in Status) == wire.STATUSES
