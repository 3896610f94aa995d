"""Guests and partners, and the rights to let them in."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_plans"),
        ("organizations", "0014_partners"),
        ("users", "0009_guest_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("ends_at", models.DateTimeField(null=True, verbose_name="ends")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="invited"
                    ),
                ),
                ("accepted_at", models.DateTimeField(null=True, verbose_name="accepted")),
                ("invited_by_id", models.BigIntegerField()),
                ("invited_by_label", models.CharField(max_length=140)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guests",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guests",
                        to="access.role",
                        verbose_name="role",
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
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tenant", "organization"], name="memberships_of_organization"),
                    models.Index(
                        condition=models.Q(("accepted_at__isnull", True)),
                        fields=["tenant", "email"],
                        name="memberships_of_address",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "organization"), name="memberships_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at__isnull", True)),
                        fields=("organization", "email"),
                        name="memberships_one_invitation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", True), ("user__isnull", True)),
                            models.Q(("accepted_at__isnull", False), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="memberships_accepted_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Partnership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    models.CharField(
                        choices=[("view", "See devices"), ("control", "See and control devices")],
                        max_length=7,
                        verbose_name="how far",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(null=True, verbose_name="until")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("created_by_id", models.BigIntegerField()),
                ("created_by_label", models.CharField(max_length=140)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="partners",
                        to="organizations.organization",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clients",
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
                "constraints": [
                    models.UniqueConstraint(fields=("client", "partner"), name="partnerships_once"),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["view", "control"])), name="partnerships_mode"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("client", models.F("partner")), _negated=True), name="partnerships_of_two"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            Path(__file__).with_name("guests.sql").read_text(),
            Path(__file__).with_name("guests_away.sql").read_text(),
        ),
    ]
