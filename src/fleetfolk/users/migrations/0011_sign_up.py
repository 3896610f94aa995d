"""Signing up by oneself: what organizations say of it, and who is about to."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_plans"),
        ("organizations", "0017_signing_in"),
        ("users", "0010_developer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(db_collation="C", max_length=254)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("secret_hash", models.CharField(blank=True, max_length=64)),
                ("requested_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("first_name", models.CharField(blank=True, max_length=60)),
                ("last_name", models.CharField(blank=True, max_length=60)),
                ("password", models.CharField(blank=True, max_length=128)),
                ("time_zone", models.CharField(blank=True, max_length=40)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registrations",
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
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registration",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tenant", "requested_at"], name="registrations_by_time"),
                    models.Index(fields=["tenant", "email"], name="registrations_by_address"),
                    models.Index(fields=["organization", "-confirmed_at"], name="registrations_confirmed_by"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("secret_hash", ""), _negated=True),
                        fields=("secret_hash",),
                        name="registrations_by_secret",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email__regex", "^[!-@\\[-~]+@[!-?\\[-~]+$")),
                        name="registrations_plain_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", True),
                                ("first_name", ""),
                                ("last_name", ""),
                                ("password", ""),
                                ("user", None),
                            ),
                            models.Q(("confirmed_at__isnull", False), ("secret_hash", "")),
                            _connector="OR",
                        ),
                        name="registrations_confirmed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sign_up",
                        serialize=False,
                        to="organizations.organization",
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=20, unique=True)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("off", "Nobody"),
                            ("invited", "Who was invited"),
                            ("domains", "Who has an address of these domains"),
                            ("open", "Everybody"),
                        ],
                        max_length=7,
                        null=True,
                    ),
                ),
                (
                    "domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253), default=list
                    ),
                ),
                (
                    "into",
                    models.CharField(
                        choices=[
                            ("own", "In a new organization of their own, below this one"),
                            ("here", "In this organization"),
                        ],
                        default="own",
                        max_length=4,
                    ),
                ),
                ("kind", models.CharField(default="personal", max_length=12)),
                ("pattern", models.CharField(blank=True, max_length=60)),
                ("approve", models.BooleanField(default=False)),
                (
                    "role",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.role",
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
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["off", "invited", "domains", "open"])), name="signups_mode"
                    ),
                    models.CheckConstraint(condition=models.Q(("into__in", ["own", "here"])), name="signups_into"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("client", "personal"))), name="signups_kind"
                    ),
                    models.CheckConstraint(condition=models.Q(("key__regex", "^[a-z2-7]{20}$")), name="signups_key"),
                ],
            },
        ),
    ]
