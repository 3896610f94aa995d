"""What rules can ask of the messages that somebody got: how many, and how many they read."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.console.sql import Sql
from fleetfolk.messages.permissions import VIEW_MESSAGES
from fleetfolk.segments.conditions import Line
from fleetfolk.segments.counted_rows import PERIOD, in_period, many, number_of
from fleetfolk.segments.fields import Field, Scope, register_field
from fleetfolk.segments.models import Population
from fleetfolk.segments.operators import Kind

_USERS: Final = Population.USERS.value
_MESSAGES = _("Messages")


def _field(name: str, label: StrPromise, column: str) -> Field:
    """How many messages there are of which the moment in the column is in a period."""

    def items(line: Line, scope: Scope) -> Sql:
        period = in_period(column, line, scope)
        return Sql(f"messaging_item i WHERE i.tenant_id = %s AND {period.text}", (scope.tenant_id, *period.params))

    def wrap(condition: Sql, line: Line, scope: Scope) -> Sql:
        return many(condition, line, items(line, scope), row="u.id", key="i.user_id")

    def told(line: Line, scope: Scope) -> Sql:
        return number_of(items(line, scope), key="i.user_id", of="u.id")

    return Field(
        name=name,
        label=label,
        group=_MESSAGES,
        kind=Kind.COUNT,
        of=_USERS,
        expression=Sql("count(*)"),
        wrap=wrap,
        told=told,
        about=(PERIOD,),
        needs=(VIEW_MESSAGES,),
    )


register_field(_field("messages_sent", _("Messages sent"), "i.at"))
register_field(_field("messages_read", _("Messages read"), "i.read_at"))
