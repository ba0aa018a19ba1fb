"""A report as data, for programs: plain dicts and lists, in the order in which it is read."""

from typing import Any

from .report import GroupFinding, PairFinding, Report
from .rulebook import Source


def report_as_data(report: Report) -> dict[str, Any]:
    """The whole report. Levels are words: serious, check, know."""
    return {
        "not_checked": list(report.not_checked),
        "same_ingredient": [_group(finding) for finding in report.same_ingredient],
        "serious": [_pair(finding) for finding in report.serious],
        "check": [_pair(finding) for finding in report.check],
        "adds_up": [_group(finding) for finding in report.adds_up],
        "same_kind": [_group(finding) for finding in report.same_kind],
        "know": [_pair(finding) for finding in report.know],
        "checked": list(report.checked),
        "conditions": list(report.conditions),
        "pairs": report.pairs,
        "rules": report.rules,
        "rules_loaded_on": report.loaded_on,
    }


def _pair(finding: PairFinding) -> dict[str, Any]:
    return {
        "names": list(finding.names),
        "level": finding.level.word,
        "reasons": [
            {
                "rule": reason.key,
                "level": reason.level.word,
                "do": reason.texts.do,
                "could_happen": reason.texts.could_happen,
                "because": reason.texts.because,
                "call_911": list(reason.texts.call_911),
                "call_prescriber": list(reason.texts.call_prescriber),
                "more_risk_if": list(reason.texts.more_risk_if),
                "how_sure": reason.texts.how_sure,
                "question": reason.texts.question,
                "sources": [_source(source) for source in reason.texts.sources],
            }
            for reason in finding.reasons
        ],
    }


def _group(finding: GroupFinding) -> dict[str, Any]:
    return {
        "key": finding.key,
        "title": finding.title,
        "names": list(finding.names),
        "level": finding.level.word,
        "do": finding.texts.do,
        "could_happen": finding.texts.could_happen,
        "because": finding.texts.because,
        "question": finding.texts.question,
        "rules": sorted({reason.key for reason in finding.reasons}),
        "mg_in_a_day": finding.mg_in_a_day,
        "most_mg_in_a_day": finding.most_mg_in_a_day,
        "sources": [_source(source) for source in finding.texts.sources],
    }


def _source(source: Source) -> dict[str, str]:
    return {"title": source.title, "address": source.address, "section": source.section, "retrieved": source.retrieved}
