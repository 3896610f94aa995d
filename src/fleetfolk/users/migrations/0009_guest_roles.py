"""Each person knows in how many organizations they are a guest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("users", "0008_tags_beside")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="guest_roles",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
