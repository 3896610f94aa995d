"""Whether organizations may be created below an organization."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0020_brands_below")]

    operations = [
        migrations.AddField(
            "organization",
            "allows_below",
            models.BooleanField(db_default=True, default=True, verbose_name="may have organizations below"),
        ),
    ]
