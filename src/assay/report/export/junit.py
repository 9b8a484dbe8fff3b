"""JUnit XML, which continuous integration shows: one test case for each sample.

Source: the schema that Jenkins and GitLab read (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd).
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from assay.evaluation.reading import Reading, StoredSample
from assay.judge.verdict import Verdict, VerdictKind

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report(reading: Reading, rule_set: str | None = None) -> str:
    """One suite for each rule set, or for `rule_set` alone; its name is "BENCHMARK (RULE SET)"."""
    suites = ElementTree.Element("testsuites", name=_clean(f"{reading.run.benchmark}, {reading.run.model}"))
    for name in [rule_set] if rule_set else reading.run.rule_sets:
        suites.append(_suite(reading, name))
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _suite(reading: Reading, rule_set: str) -> ElementTree.Element:
    verdicts = [one.verdicts[rule_set] for one in reading.samples]
    errors = sum(verdict.kind is VerdictKind.harness_error for verdict in verdicts)
    failures = sum(not verdict.passed for verdict in verdicts) - errors
    suite = ElementTree.Element(
        "testsuite",
        name=_clean(f"{reading.run.benchmark} ({rule_set})"),
        tests=str(len(verdicts)),
        failures=str(failures),
        errors=str(errors),
        skipped="0",
        time=f"{sum(verdict.wall_s for verdict in verdicts):.3f}",
        timestamp=str(reading.run.record["sessions"][0]["started"])[:19],
    )
    properties = ElementTree.SubElement(suite, "properties")
    score = reading.run.summary.get(rule_set, {})
    facts = {name: value for name, value in score.items() if isinstance(value, float)}
    for name, value in {"model": reading.run.model, "data_sha256": reading.data_sha256, **facts}.items():
        ElementTree.SubElement(properties, "property", name=name, value=_clean(str(value)))
    for one, verdict in zip(reading.samples, verdicts, strict=True):
        suite.append(_case(one, verdict, f"{reading.run.benchmark}.{rule_set}"))
    return suite


def _case(one: StoredSample, verdict: Verdict, class_name: str) -> ElementTree.Element:
    name = _clean(f"{one.task_id} sample {one.number}")
    case = ElementTree.Element("testcase", classname=_clean(class_name), name=name, time=f"{verdict.wall_s:.3f}")
    if not verdict.passed:
        tag = "error" if verdict.kind is VerdictKind.harness_error else "failure"
        found = ElementTree.SubElement(case, tag, type=verdict.kind.value, message=_clean(verdict.detail))
        found.text = _clean(verdict.output) or None
    return case


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
