"""The one blueprint of the reports, and what its addresses and files are called."""

from __future__ import annotations

from flask import Blueprint

from finance.reports.consolidation import Grouping

blueprint = Blueprint("reports", __name__, template_folder="templates")

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How each way to lay out the table is called in an address.
WAYS = {"noi-dung": Grouping.AREA, "co-quan": Grouping.AGENCY, "nguon": Grouping.SOURCE}
