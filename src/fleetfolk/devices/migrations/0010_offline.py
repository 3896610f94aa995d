"""The reports of what is offline have an index of their own, by which the list of these devices is read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0009_gifts")]

    operations = [
        migrations.AddIndex(
            model_name="reported",
            index=models.Index(
                condition=models.Q(("online", False)),
                fields=["tenant", "reported_minute", "device"],
                name="reported_offline",
            ),
        ),
    ]
