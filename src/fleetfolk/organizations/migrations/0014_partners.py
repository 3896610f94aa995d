"""Each organization knows by how many clients it was let in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0013_tree"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="let_in_by",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
