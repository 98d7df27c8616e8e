"""Generic Flask pieces, free of any capability: access declarations, error pages, headers, times, pages, exports."""

from matchmaker.web.access import ACCESS, Access, guard
from matchmaker.web.exports import About, Column, export_table
from matchmaker.web.intake import whole_number, whole_numbers
from matchmaker.web.pages import Page, page_of, paginate
from matchmaker.web.security import safe_next

__all__ = [
    "ACCESS",
    "About",
    "Access",
    "Column",
    "Page",
    "export_table",
    "guard",
    "page_of",
    "paginate",
    "safe_next",
    "whole_number",
    "whole_numbers",
]
