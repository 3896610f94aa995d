"""Deletions under way, exports, erasures and suppressed addresses; and a short way to who is deactivated."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

HIDDEN = """
-- Lists leave the deactivated out, and numbers that come from an index alone subtract them: here they are counted. Role
-- and organization come along so that no row is read.
CREATE INDEX users_user_deactivated ON users_user (tenant_id, path, id) INCLUDE (role_id, organization_id) WHERE state = 5;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_problems"),
        ("organizations", "0005_fields"),
        ("users", "0005_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deletion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requested_at", models.DateTimeField()),
                ("by_themselves", models.BooleanField(default=False)),
                ("suppress", models.BooleanField(default=False)),
                ("secret_hash", models.CharField(blank=True, max_length=64)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deletion",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("secret_hash", ""), _negated=True),
                        fields=("secret_hash",),
                        name="deletions_by_secret",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("subject_key", models.CharField(max_length=64)),
                ("requested_at", models.DateTimeField(null=True)),
                ("by_themselves", models.BooleanField(default=False)),
                ("suppressed", models.CharField(blank=True, max_length=64)),
                ("again", models.BooleanField(default=False)),
                ("counts", models.JSONField(default=dict)),
                ("certificate", models.CharField(max_length=64)),
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
                "indexes": [models.Index(fields=["tenant", "-at", "-id"], name="erasures_newest_first")],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requested_by_id", models.BigIntegerField()),
                ("file", models.UUIDField()),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("records", models.PositiveIntegerField(default=0)),
                ("secret_hash", models.CharField(blank=True, max_length=64)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="export", to="jobs.job"
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exports", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("secret_hash", ""), _negated=True),
                        fields=("secret_hash",),
                        name="exports_by_secret",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address_key", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "address_key"), name="suppressions_once_a_tenant")
                ],
            },
        ),
        migrations.RunSQL(HIDDEN, "DROP INDEX users_user_deactivated;"),
    ]
