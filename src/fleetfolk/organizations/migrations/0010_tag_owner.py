"""A tag says who created it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0009_brand")]

    operations = [
        migrations.AddField(
            model_name="tag", name="created_by_id", field=models.BigIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="tag",
            name="created_by_label",
            field=models.CharField(db_default="", editable=False, max_length=140),
        ),
    ]
