"""Texts of error messages: values quoted, and pydantic's validation errors described."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.model.entity import ID_PATTERN

_LONGEST_ECHO = 80


def quoted(text: object) -> str:
    """The text in quotes, cut to 80 characters, with unprintable characters escaped."""
    echo = repr(str(text))
    return echo if len(echo) <= _LONGEST_ECHO else f"{echo[:_LONGEST_ECHO]}..."


def describe_error(item: Mapping[str, Any]) -> tuple[str, str, str]:
    """Field, detail and advice (`mend`) for one of pydantic's validation errors."""
    context = item.get("ctx") or {}
    where = [str(part) for part in item["loc"]]
    where = where[1:] if where[:1] in (["query"], ["path"], ["body"]) else where
    field = str(context.get("field") or (where[0] if where else ""))
    given = quoted(item.get("input"))
    message = str(item["msg"]).removeprefix("Value error, ")
    # What is a tuple here is a list to whoever asks.
    message = message.replace("Tuple ", "List ").replace("valid tuple", "valid list")
    mend = str(context.get("mend") or "")
    match item["type"]:
        case "unknown_parameter":
            return field, message, mend
        case "missing":
            in_body = item["loc"][:1] == ("body",)
            return field, f"{field} is missing.", "" if in_body else f"Add {field}=..."
        case "literal_error" | "enum":
            expected = context.get("expected")
            return field, f"{field} is {given}, which is none of {expected}.", mend
        case "string_pattern_mismatch" if context.get("pattern") == ID_PATTERN:
            advice = "An id has lower-case letters, digits, - and _ only."
            return field, f"{field} is {given}, which is no id.", advice
        case "value_error":
            return field, f"{field}: {message}.", mend
    return field, f"{field} is {given}: {message[:1].lower()}{message[1:]}.", mend
