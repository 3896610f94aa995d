"""Webhooks are told what devices report, too."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0021_allows_below"),
        ("webhooks", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="device_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="gathers",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="delivery",
            name="stream_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="value",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="value_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="webhook",
            name="streams",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                db_default=models.Value(
                    [], django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())
                ),
                default=list,
            ),
        ),
        migrations.AddField(
            model_name="webhook",
            name="values_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="kind",
            field=models.CharField(
                choices=[
                    ("entry", "Action"),
                    ("event", "Event of a device"),
                    ("value", "Value of a device"),
                    ("test", "Test"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("kind", "value")),
                fields=["webhook", "device_id", "stream_id", "value_at"],
                name="deliveries_of_values",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gathers", True)),
                fields=("webhook", "device_id", "stream_id"),
                name="deliveries_gather_once",
            ),
        ),
    ]
