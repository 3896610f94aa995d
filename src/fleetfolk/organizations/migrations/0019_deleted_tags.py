"""A tag that was deleted is kept for a week, with the keys of who carried it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0018_tag_words")]

    operations = [
        migrations.CreateModel(
            name="DeletedTag",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=24)),
                ("colour", models.PositiveSmallIntegerField()),
                ("created_by_id", models.BigIntegerField(editable=False, null=True)),
                ("created_by_label", models.CharField(db_default="", editable=False, max_length=140)),
                ("carriers", models.JSONField(default=dict)),
                (
                    "deleted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
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
            options={"indexes": [models.Index(fields=["deleted_at"], name="deletedtags_by_age")]},
        ),
    ]
