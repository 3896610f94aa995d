"""Secret mail addresses of people, and the mail that came to them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

ADD = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT DISTINCT code FROM unnest(permissions || ARRAY['messages.addresses.edit']::varchar[]) AS code ORDER BY code
)
WHERE builtin IN ('super_admin', 'admin', 'staff', 'support');
"""
REMOVE = """
UPDATE access_role SET permissions = array_remove(permissions, 'messages.addresses.edit');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_push"),
        ("organizations", "0010_tag_owner"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PushAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("secret_hash", models.CharField(max_length=64)),
                ("secret_end", models.CharField(max_length=4)),
                ("allowed_senders", models.JSONField(default=list)),
                ("created_by_id", models.BigIntegerField()),
                ("created_by_label", models.CharField(max_length=140)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("ends_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("count", models.PositiveIntegerField(default=0)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="push_addresses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "id"], name="pushaddresses_of_user")],
                "constraints": [
                    models.UniqueConstraint(fields=("secret_hash",), name="pushaddresses_by_secret"),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("user", "name"),
                        name="pushaddresses_name_of_user",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomingMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("raw", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("held", "Held back"),
                            ("accepted", "Delivered"),
                            ("failed", "Not delivered"),
                            ("deleted", "Thrown away"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("sender", models.CharField(blank=True, max_length=320)),
                ("subject", models.CharField(blank=True, max_length=120)),
                ("verdict", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField()),
                (
                    "message",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="came_as",
                        to="messaging.message",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="messaging.pushaddress",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-id"], name="incomingmail_of_user"),
                    models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="incomingmail_waiting"),
                    models.Index(fields=["received_at"], name="incomingmail_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("address", "key"), name="incomingmail_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "held", "accepted", "failed", "deleted"])),
                        name="incomingmail_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailRule",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="organizations.organization",
                    ),
                ),
                (
                    "forged",
                    models.CharField(
                        choices=[("mark", "Deliver it, and say so"), ("hold", "Hold it back"), ("refuse", "Refuse it")],
                        max_length=6,
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
                        condition=models.Q(("forged__in", ["mark", "hold", "refuse"])), name="mailrule_forged"
                    )
                ],
            },
        ),
        migrations.RunSQL(ADD, REMOVE),
    ]
