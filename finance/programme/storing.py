"""Writing reference rows: found by their key, changed only where they differ, never deleted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.record_base import Record

RecordT = TypeVar("RecordT", bound=Record)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How many rows of each table were new or changed; all zero when everything was there."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)

    @property
    def is_empty(self) -> bool:
        """True when loading changed nothing."""
        return not self.added and not self.changed

    @property
    def sentence_vi(self) -> str:
        """What the loading did, in one sentence."""
        if self.is_empty:
            return "Danh mục đã đầy đủ từ trước, không có gì thay đổi."
        return f"Đã nạp danh mục: {self.added.total()} dòng mới, {self.changed.total()} dòng thay đổi."


@dataclass(frozen=True, slots=True)
class RowStore:
    """Stores rows of one loading and counts what it did."""

    session: Session
    report: LoadReport

    def put(self, kind: type[RecordT], key: dict[str, Any], values: dict[str, Any]) -> RecordT:
        """The row with this key, made or brought up to the values.

        Args:
            kind: the record class.
            key: columns that identify the row.
            values: the other columns.
        """
        criteria = [getattr(kind, column) == value for column, value in key.items()]
        row = self.session.scalar(select(kind).where(*criteria))
        if row is None:
            row = kind(**key, **values)
            self.session.add(row)
            self.session.flush()  # later rows refer to this one's id
            self.report.added[kind.__tablename__] += 1
        elif self._bring_up(row, values):
            self.report.changed[kind.__tablename__] += 1
        return row

    def _bring_up(self, row: Record, values: dict[str, Any]) -> bool:
        differing = {column: value for column, value in values.items() if getattr(row, column) != value}
        for column, value in differing.items():
            setattr(row, column, value)
        return bool(differing)
