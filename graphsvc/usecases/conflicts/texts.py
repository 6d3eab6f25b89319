"""The text of a conflict, in Korean or English: how its facts differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from graphsvc.model.choices import Language
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.database import Row
from graphsvc.usecases.conflicts.detecting import Conflict
from graphsvc.usecases.conflicts.sums import SumConflict
from graphsvc.usecases.lists.views import Names

_STAGES = {"announced": "발표", "selected": "선정", "budgeted": "예산", "disbursed": "집행"}
_MODALITIES = {"planned": "계획", "target": "목표", "forecast": "전망"}
_QUALIFIERS = {"about": "약", "at_least": "최소", "at_most": "최대"}
_DOUBTS = {
    "same": {
        "ko": "같은 것일 수 있는 대상을 하나로 볼 때 그렇다.",
        "en": "That is so if things that are possibly the same are one.",
    },
    "time": {
        "ko": "때가 밝혀지지 않았거나 불확실하여 단정할 수 없다.",
        "en": "A time is not stated or not sure, so it need not be so.",
    },
}


def reason(
    conflict: Conflict, rows: list[Row], names: Names, vocabulary: Vocabulary, language: Language
) -> str:
    """One or two sentences; for a declared conflict the curator's own words, in their language."""
    if conflict.found == "declared":
        notes = (row["properties"].get("conflict_note") for row in rows)
        return " ".join(dict.fromkeys(note for note in notes if note))
    speaker = _Speaker(names, vocabulary, language)
    if conflict.sums is not None:
        text = speaker.of_sums(conflict.sums)
    elif conflict.found == "role":
        text = speaker.of_position(rows)
    else:
        text = speaker.of_values(rows)
    if conflict.certain:
        return text
    doubt = _DOUBTS["same" if conflict.possibly_same else "time"]
    return f"{text} {doubt[language]}"


@dataclass(frozen=True)
class _Speaker:
    names: Names
    vocabulary: Vocabulary
    language: Language

    def of_values(self, rows: list[Row]) -> str:
        fields = [row["properties"] for row in rows]
        subjects = self._all(row["subject"] for row in fields)
        values = "; ".join(dict.fromkeys(self._value(row) for row in fields))
        first = fields[0]
        metric = first["metric"]
        if known := self.vocabulary.metrics.get(metric):
            metric = getattr(known.name, self.language)
        details = ", ".join(text for text in (first.get("period"), self._modality(first)) if text)
        what = f"{metric} ({details})" if details else metric
        if self.language == "ko":
            return f"{subjects}의 {what}: 서로 다른 값이 제시된다({values})."
        return f"{subjects}: different values are stated for {what}: {values}."

    def of_position(self, rows: list[Row]) -> str:
        places = self._all(row["object"] for row in rows)
        people = self._all(row["subject"] for row in rows)
        role = rows[0]["properties"]["role"]
        if self.language == "ko":
            return f"{places}의 {role} 자리를 같은 때에 둘 이상이 맡고 있다: {people}."
        role = rows[0]["properties"].get("role_en") or role
        return f"{places}: more than one holds the position of {role} at one time: {people}."

    def of_sums(self, sums: SumConflict) -> str:
        subject = self._all([sums.subject])
        whole, parts = _amount(sums.whole, sums.currency), _amount(sums.parts, sums.currency)
        if self.language == "ko":
            stage = _STAGES.get(sums.stage, sums.stage)
            return f"{subject}: 전체 금액은 {whole}인데 부분의 합은 {parts}이다({stage} 단계)."
        return f"{subject}: {whole} is stated for the whole, {parts} for its parts ({sums.stage})."

    def _all(self, ids: Iterable[str]) -> str:
        field = "name" if self.language == "ko" else "name_en"
        return ", ".join(self.names[id_][field] for id_ in dict.fromkeys(ids))

    def _modality(self, fields: Mapping[str, Any]) -> str:
        modality: str = fields["modality"]
        if modality == "actual":
            return ""
        return _MODALITIES[modality] if self.language == "ko" else modality

    def _value(self, fields: Mapping[str, Any]) -> str:
        if "amount" not in fields:
            parts = (fields["value"], fields.get("unit"))
            return " ".join(str(part) for part in parts if part is not None)
        amount = _amount(Decimal(fields["amount"]), fields["currency"])
        qualifier = fields.get("qualifier")
        if qualifier is None:
            return amount
        hedge = _QUALIFIERS[qualifier] if self.language == "ko" else qualifier.replace("_", " ")
        return f"{hedge} {amount}"


def _amount(amount: Decimal, currency: str) -> str:
    return f"{amount:,f} {currency}"
