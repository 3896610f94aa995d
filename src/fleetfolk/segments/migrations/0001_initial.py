"""Segments, who is in them, and who came and went. Admins and staff of every tenant may see and edit them."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models

GUARDS = """
CREATE FUNCTION segments_keep_passages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'who entered and left a segment is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER passages_unchanged BEFORE UPDATE ON segments_passage
    FOR EACH ROW EXECUTE FUNCTION segments_keep_passages();
CREATE TRIGGER passages_no_truncate BEFORE TRUNCATE ON segments_passage
    FOR EACH STATEMENT EXECUTE FUNCTION segments_keep_passages();
"""

REMOVE_GUARDS = """
DROP TRIGGER passages_unchanged ON segments_passage;
DROP TRIGGER passages_no_truncate ON segments_passage;
DROP FUNCTION segments_keep_passages;
"""

GIVE = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT DISTINCT code FROM unnest(permissions || ARRAY['segments.view', 'segments.edit']::varchar[]) AS code
    ORDER BY code
)
WHERE builtin IN ('admin', 'staff', 'support');
"""

TAKE = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT code FROM unnest(permissions) AS code WHERE code NOT LIKE 'segments.%' ORDER BY code
)
WHERE builtin IN ('admin', 'staff', 'support');
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0009_brand"),
        ("access", "0003_support"),
    ]

    operations = [
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "of",
                    models.CharField(
                        choices=[("users", "Users"), ("devices", "Devices")], max_length=7, verbose_name="of"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("static", "Chosen by hand"), ("dynamic", "Follows rules")],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                ("rules", models.JSONField(null=True)),
                ("edition", models.PositiveIntegerField(db_default=1, default=1)),
                ("position", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_label", models.CharField(max_length=140)),
                ("changed_at", models.DateTimeField(null=True)),
                ("changed_by_id", models.BigIntegerField(null=True)),
                ("changed_by_label", models.CharField(blank=True, db_default="", max_length=140)),
                ("counted", models.PositiveIntegerField(null=True)),
                ("counted_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="segments",
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
                "indexes": [models.Index(fields=["tenant", "of", "position", "id"], name="segments_in_order")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        django.db.models.functions.text.Lower("name"),
                        name="segments_name_in_organization",
                    ),
                    models.CheckConstraint(condition=models.Q(("of__in", ["users", "devices"])), name="segments_of"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "static"), ("rules__isnull", True)),
                            models.Q(("kind", "dynamic"), ("rules__isnull", False)),
                            _connector="OR",
                        ),
                        name="segments_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("entered", models.BooleanField()),
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
                    "segment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="segments.segment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["target_id", "-at", "-id"], name="passages_by_target"),
                    models.Index(fields=["segment", "-at", "-id"], name="passages_by_segment"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target_id", models.BigIntegerField()),
                ("since", models.DateTimeField()),
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
                    "segment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="segments.segment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["target_id", "segment"], name="members_by_target"),
                    models.Index(fields=["segment", "-since", "-id"], name="members_by_since"),
                ],
                "constraints": [models.UniqueConstraint(fields=("segment", "target_id"), name="members_once")],
            },
        ),
        migrations.RunSQL(GUARDS, REMOVE_GUARDS),
        migrations.RunSQL(GIVE, TAKE),
    ]
