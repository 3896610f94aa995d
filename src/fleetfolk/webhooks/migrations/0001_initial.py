"""Webhooks, what they are to be told, and the triggers that write that down."""

import uuid
from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

OUTBOX = Path(__file__).with_name("outbox.sql").read_text(encoding="utf-8")
REVERSED = """
DROP TRIGGER webhooks_note_events ON devices_event;
DROP FUNCTION webhooks_note_events();
DROP TRIGGER webhooks_note_entries ON actionlog_entry;
DROP FUNCTION webhooks_note_entries();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0018_tag_words"),
        ("actionlog", "0003_pseudonyms"),
        ("devices", "0011_owner_away"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4)),
                (
                    "kind",
                    models.CharField(
                        choices=[("entry", "Action"), ("event", "Event of a device"), ("test", "Test")], max_length=8
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("entry_id", models.BigIntegerField(null=True)),
                ("entry_at", models.DateTimeField(null=True)),
                ("event_id", models.BigIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Delivered"),
                            ("withheld", "Not told"),
                            ("cancelled", "Skipped"),
                        ],
                        db_default="waiting",
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("tries", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("took_ms", models.PositiveIntegerField(default=0)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("problem", models.CharField(blank=True, max_length=200)),
                ("request_head", models.TextField(blank=True)),
                ("response_head", models.TextField(blank=True)),
                ("response_body", models.TextField(blank=True)),
                (
                    "delivery",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="attempts",
                        to="webhooks.delivery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("url", models.CharField(max_length=1024)),
                (
                    "triggers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list),
                ),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list),
                ),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list),
                ),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list),
                ),
                ("secret", models.TextField()),
                ("former_secret", models.TextField(blank=True, db_default="")),
                ("former_until", models.DateTimeField(null=True)),
                ("is_on", models.BooleanField(db_default=True, default=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(db_default=0, default=0)),
                ("retry_at", models.DateTimeField(null=True)),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_label", models.CharField(blank=True, max_length=140)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhooks",
                        to="organizations.organization",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "webhooks",
                "indexes": [
                    models.Index(condition=models.Q(("is_on", True)), fields=["tenant"], name="webhooks_that_are_on"),
                    models.Index(
                        condition=models.Q(
                            ("is_on", True),
                            models.Q(
                                (
                                    "events",
                                    models.Value(
                                        [],
                                        django.contrib.postgres.fields.ArrayField(
                                            base_field=models.CharField(max_length=60), default=list
                                        ),
                                    ),
                                ),
                                _negated=True,
                            ),
                        ),
                        fields=["tenant"],
                        name="webhooks_of_events",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "name"), name="webhooks_name_in_organization")
                ],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="webhook",
            field=models.ForeignKey(
                db_index=False,
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="deliveries",
                to="webhooks.webhook",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["webhook", "-id"], name="deliveries_newest_first"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["webhook", "id"], name="deliveries_that_wait"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["created_at"], name="deliveries_by_time"),
        ),
        migrations.RunSQL(OUTBOX, REVERSED),
    ]
