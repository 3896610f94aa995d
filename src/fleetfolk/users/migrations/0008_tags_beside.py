"""What lists of people are sorted by their tags by stands beside the people: a tag writes none of their indexes anew."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("users", "0007_own_words"), ("organizations", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="TagsKey",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sorted_tags",
                        serialize=False,
                        to="users.user",
                    ),
                ),
                ("tags_key", models.TextField(db_collation="C", db_default="", editable=False)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["tenant", "tags_key", "user"], name="users_tagskey_in_order")],
            },
        ),
        migrations.RunSQL(Path(__file__).with_name("tags_beside.sql").read_text(), migrations.RunSQL.noop),
        migrations.RemoveField(model_name="user", name="tags_key"),
    ]
