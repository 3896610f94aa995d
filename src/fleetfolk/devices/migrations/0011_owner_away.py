"""Devices of deactivated people are nowhere and cannot report, until their owner is back."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import Case, PositiveSmallIntegerField, Value, When

_STATES = [(1, "Active"), (2, "Not yet connected"), (3, "Deactivated"), (4, "Deleted"), (5, "Hidden with its owner")]
_STATE = models.GeneratedField(
    db_persist=True,
    expression=Case(
        When(deleted_at__isnull=False, then=Value(4)),
        When(owner_away=True, then=Value(5)),
        When(deactivated_at__isnull=False, then=Value(3)),
        When(activated_at__isnull=True, then=Value(2)),
        default=Value(1),
    ),
    output_field=PositiveSmallIntegerField(choices=_STATES),
)


class Migration(migrations.Migration):
    dependencies = [("devices", "0010_offline"), ("users", "0006_privacy")]

    operations = [
        migrations.AddField(
            "device", "owner_away", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(Path(__file__).with_name("owner_away.sql").read_text(), migrations.RunSQL.noop)
            ],
            state_operations=[migrations.AlterField("device", "state", _STATE)],
        ),
    ]
