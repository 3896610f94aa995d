"""Who got messages in a period, and who read some, is read from an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0006_of_programs")]

    operations = [
        migrations.AddIndex(
            model_name="item", index=models.Index(fields=["tenant", "at", "user"], name="items_by_time")
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("read_at__isnull", False)),
                fields=["tenant", "read_at", "user"],
                name="items_by_reading",
            ),
        ),
    ]
