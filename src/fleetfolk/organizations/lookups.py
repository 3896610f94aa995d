"""Rows at or below any of many places, in one comparison."""

from typing import Any

from django.db.models import Lookup, TextField


@TextField.register_lookup
class BelowAny(Lookup):
    """``path__below_any=[…]``: the path begins with one of those given. Paths hold nothing but digits and dots."""

    lookup_name = "below_any"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        """One array of patterns, whose plan the database finds once."""
        return "%s", [[f"{path}%" for path in value]]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """``path LIKE ANY (array)``."""
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} LIKE ANY ({right}::text[])", (*left_parameters, *right_parameters)


@TextField.register_lookup
class Among(Lookup):
    """``path__among=[…]``: the path is one of those given, which are one parameter however many they are."""

    lookup_name = "among"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        """One array."""
        return "%s", [[*value]]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """``path = ANY (array)``."""
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} = ANY ({right}::text[])", (*left_parameters, *right_parameters)
