"""Storing the offices of a province: levels, offices with standings, groups, changes, functions."""

from __future__ import annotations

from finance.agencies.records import (
    Agency,
    AgencyChange,
    AgencyGroup,
    AgencyGroupMember,
    AgencyStanding,
    BudgetLevel,
    FunctionAssignment,
)
from finance.programme.reference_rows import AgencyRow
from finance.programme.reference_set import ReferenceSet
from finance.programme.storing import RowStore
from finance.vietnamese.collation import sort_key
from finance.vietnamese.fold import fold


def store_offices(store: RowStore, given: ReferenceSet) -> None:
    """Store every office with its level and parent, its groups and its functions."""
    level_ids = _store_levels(store, given)
    agency_ids = _store_agencies(store, given, level_ids)
    _store_groups(store, given, agency_ids)
    for change in given.agency_changes:
        key = {
            "predecessor_code": change.predecessor,
            "successor_code": change.successor,
            "effective_text": change.effective,
        }
        values = {"kind": change.kind, "source": change.source, "is_confirmed": change.is_confirmed}
        store.put(AgencyChange, key, values)
    for row in given.functions:
        held = {"function": row.function, "agency_id": agency_ids[row.agency], "valid_from": row.valid_from}
        store.put(FunctionAssignment, held, {"valid_to": row.valid_to, "source": row.source[:200]})


def _store_levels(store: RowStore, given: ReferenceSet) -> dict[str, int]:
    ids = {}
    for level in given.levels:
        values = {
            "name_vi": level.name_vi,
            "rank": level.rank,
            "valid_from": level.valid_from,
            "valid_to": level.valid_to,
        }
        ids[level.code] = store.put(BudgetLevel, {"code": level.code}, values).id
    return ids


def _store_agencies(store: RowStore, given: ReferenceSet, level_ids: dict[str, int]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for row in given.agencies:
        agency = store.put(Agency, {"code": row.code}, _agency_values(row))
        ids[row.code] = agency.id
        standing = {
            "level_id": level_ids[row.level],
            "parent_id": ids[row.parent] if row.parent else None,
            "valid_to": row.valid_to,
        }
        store.put(AgencyStanding, {"agency_id": agency.id, "valid_from": row.valid_from}, standing)
    return ids


def _agency_values(row: AgencyRow) -> dict[str, object]:
    return {
        "name_vi": row.name_vi,
        "short_vi": row.short_vi,
        "kind": row.kind,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "source": row.source[:200],
        "search_key": fold(f"{row.name_vi} {row.short_vi}")[:300],
        "sort_key": sort_key(row.name_vi)[:600],
    }


def _store_groups(store: RowStore, given: ReferenceSet, agency_ids: dict[str, int]) -> None:
    group_ids = {}
    for group in given.agency_groups:
        values = {"name_vi": group.name_vi, "source": group.source[:200]}
        group_ids[group.code] = store.put(AgencyGroup, {"code": group.code}, values).id
    for member in given.group_members:
        key = {"group_id": group_ids[member.group], "agency_id": agency_ids[member.agency]}
        store.put(AgencyGroupMember, key, {})
