"""What can be reported here: the categories of feedback that take reports from the field, because Open311 is about places."""

from collections.abc import Mapping

from backend.feedback.categories import CATEGORIES, Category

KIND = "field_report"
SERVICES: Mapping[str, Category] = {code: category for code, category in CATEGORIES.items() if KIND in category.kinds}
